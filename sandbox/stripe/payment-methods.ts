import type { Hono } from 'hono'
import type Stripe from 'stripe'
import { z } from 'zod'
import { type Call, endpoint, type StandInEnv } from './call.ts'
import { cardOfNumber, cardOfTestId, type TestCard } from './cards.ts'
import { customerOf } from './customers.ts'
import { invalidRequest, noSuch, StripeFault } from './fault.ts'
import { stripeId } from './ids.ts'
import { listFields, listPage } from './list.ts'
import { params, text } from './params.ts'

const listParams = params({ ...listFields, customer: text.optional(), type: z.literal('card').optional() })

export function mountPaymentMethods(app: Hono<StandInEnv>): void {
  app.get('/v1/payment_methods', endpoint(listParams, listPaymentMethods))
  app.get(
    '/v1/payment_methods/:id',
    endpoint(params({}), (call, _, id) => paymentMethodOf(call, id)),
  )
  app.post('/v1/payment_methods/:id/attach', endpoint(params({ customer: text }), attachPaymentMethod))
  app.post('/v1/payment_methods/:id/detach', endpoint(params({}), detachPaymentMethod))
}

/** The PaymentMethod with an id; an id of Stripe's test cards makes a new one. */
export function paymentMethodOf(call: Call, id: string, param?: string): Stripe.PaymentMethod {
  const known = call.tables.paymentMethods.get(id)
  if (known) return known
  const card = cardOfTestId(id)
  if (!card) throw noSuch('PaymentMethod', id, param)
  return makePaymentMethod(call, card, null)
}

export function makePaymentMethod(call: Call, card: TestCard, name: string | null): Stripe.PaymentMethod {
  const paymentMethod = call.tables.paymentMethods.put(paymentMethodWith(card, name, call.now))
  call.tables.cards.put({ id: paymentMethod.id, number: card.number, authenticated: false })
  return paymentMethod
}

/** How the card behind a PaymentMethod behaves, and whether its holder has confirmed it for later charges. */
export function cardBehind(call: Call, paymentMethodId: string): TestCard & { authenticated: boolean } {
  const secret = call.tables.cards.get(paymentMethodId)
  const card = secret && cardOfNumber(secret.number)
  if (!card) throw noSuch('PaymentMethod', paymentMethodId, 'payment_method')
  return { ...card, authenticated: secret.authenticated }
}

/** Saves a PaymentMethod for its customer. */
export function attachTo(
  call: Call,
  paymentMethod: Stripe.PaymentMethod,
  customer: string,
): Stripe.PaymentMethod {
  if (paymentMethod.customer === customer) return paymentMethod
  const attached = call.tables.paymentMethods.put({ ...paymentMethod, customer })
  call.emit('payment_method.attached', attached)
  return attached
}

function attachPaymentMethod(
  call: Call,
  { customer }: { customer: string },
  id: string,
): Stripe.PaymentMethod {
  customerOf(call.tables, customer, 'customer')
  const paymentMethod = paymentMethodOf(call, id)
  if (paymentMethod.customer && paymentMethod.customer !== customer) {
    throw invalidRequest('The payment method you provided has already been attached to a customer.', {
      code: 'payment_method_unexpected_state',
    })
  }
  const { decline, declinesLater } = cardBehind(call, paymentMethod.id)
  if (decline && !declinesLater) {
    const { code, declineCode, message } = decline
    throw new StripeFault(402, { type: 'card_error', code, decline_code: declineCode, message })
  }
  return attachTo(call, paymentMethod, customer)
}

function detachPaymentMethod(call: Call, _: object, id: string): Stripe.PaymentMethod {
  const paymentMethod = paymentMethodOf(call, id)
  if (!paymentMethod.customer) {
    throw invalidRequest(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    )
  }
  const detached = call.tables.paymentMethods.put({ ...paymentMethod, customer: null })
  call.emit('payment_method.detached', detached)
  return detached
}

const listPaymentMethods = ({ tables }: Call, given: z.output<typeof listParams>) =>
  listPage(
    tables.paymentMethods
      .all()
      .filter(({ customer }) => given.customer === undefined || customer === given.customer),
    '/v1/payment_methods',
    'PaymentMethod',
    given,
  )

const paymentMethodWith = (card: TestCard, name: string | null, created: number): Stripe.PaymentMethod => ({
  id: stripeId('pm'),
  object: 'payment_method',
  allow_redisplay: 'unspecified',
  billing_details: {
    address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
    email: null,
    name,
    phone: null,
    tax_id: null,
  },
  card: {
    brand: card.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: card.country,
    display_brand: card.brand,
    exp_month: 12,
    exp_year: new Date(created * 1000).getUTCFullYear() + 3,
    fingerprint: `test${card.number.slice(-12)}`,
    funding: 'credit',
    generated_from: null,
    last4: card.number.slice(-4),
    networks: { available: [card.brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  },
  created,
  customer: null,
  customer_account: null,
  livemode: false,
  metadata: {},
  type: 'card',
})
