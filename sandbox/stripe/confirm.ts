import type Stripe from 'stripe'
import type { Call } from './call.ts'
import { AUTHENTICATION_FAILED, AUTHENTICATION_REQUIRED, type Decline } from './cards.ts'
import { makeCharge } from './charges.ts'
import { invalidRequest, StripeFault } from './fault.ts'
import { attachTo, cardBehind, paymentMethodOf } from './payment-methods.ts'

export type Confirmation = {
  paymentMethod?: string | undefined
  offSession: boolean
  /** Refuse a card that wants its holder to confirm, rather than wait for that. */
  failOnAction: boolean
  returnUrl?: string | undefined
}

const CONFIRMABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action']

/** Asks the card: the intent succeeds, waits for the card's holder, or goes back with the reason of its refusal. */
export function confirmIntent(
  call: Call,
  intent: Stripe.PaymentIntent,
  given: Confirmation,
): Stripe.PaymentIntent {
  requireConfirmable(intent)
  const method = methodFor(call, intent, given.paymentMethod)
  const card = cardBehind(call, method.id)
  const asksHolder =
    card.authentication === 'always' ||
    (card.authentication === 'until_set_up' && !(given.offSession && card.authenticated))
  if (asksHolder && given.failOnAction) return refuse(call, intent, method, AUTHENTICATION_REQUIRED)
  if (asksHolder) return askHolder(call, intent, method, given.returnUrl)
  if (card.decline) return refuse(call, intent, method, card.decline)
  return succeed(call, intent, method)
}

/** What the card's holder answered when asked by the bank. */
export function authenticate(
  call: Call,
  intent: Stripe.PaymentIntent,
  confirmed: boolean,
): Stripe.PaymentIntent {
  const method = methodFor(call, intent, undefined)
  if (!confirmed) return withRefusal(call, intent, method, AUTHENTICATION_FAILED, null)
  const secret = call.tables.cards.get(method.id)
  if (secret) call.tables.cards.put({ ...secret, authenticated: true })
  return succeed(call, intent, method)
}

function requireConfirmable(intent: Stripe.PaymentIntent): void {
  if (CONFIRMABLE.includes(intent.status)) return
  throw invalidRequest(
    intent.status === 'succeeded'
      ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
      : `This PaymentIntent could not be confirmed because it has a status of ${intent.status}.`,
    { code: 'payment_intent_unexpected_state', payment_intent: intent },
  )
}

function methodFor(
  call: Call,
  intent: Stripe.PaymentIntent,
  given: string | undefined,
): Stripe.PaymentMethod {
  const id = given ?? (intent.payment_method as string | null)
  if (!id) {
    throw invalidRequest(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the " +
        'PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a ' +
        'payment method or ConfirmationToken.',
      { code: 'payment_intent_unexpected_state', payment_intent: intent },
    )
  }
  const method = paymentMethodOf(call, id, 'payment_method')
  if (method.customer && method.customer !== intent.customer) {
    throw invalidRequest(
      `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached ` +
        'to the customer.',
      { code: 'resource_missing', param: 'payment_method' },
    )
  }
  return method
}

function succeed(
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Stripe.PaymentIntent {
  const { customer } = intent
  if (customer && intent.setup_future_usage) attachTo(call, method, customer as string)
  const charge = makeCharge(call, intent, method, null)
  const succeeded = call.tables.paymentIntents.put({
    ...intent,
    status: 'succeeded',
    amount_received: intent.amount,
    payment_method: method.id,
    latest_charge: charge.id,
    last_payment_error: null,
    next_action: null,
  })
  call.emit('charge.succeeded', charge)
  call.emit('payment_intent.succeeded', succeeded)
  return succeeded
}

function askHolder(
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  returnUrl: string | undefined,
): Stripe.PaymentIntent {
  const waiting = call.tables.paymentIntents.put({
    ...intent,
    status: 'requires_action',
    payment_method: method.id,
    last_payment_error: null,
    next_action: returnUrl
      ? {
          type: 'redirect_to_url',
          redirect_to_url: { url: `${call.origin}/authenticate/${intent.id}`, return_url: returnUrl },
        }
      : { type: 'use_stripe_sdk', use_stripe_sdk: {} },
  })
  call.emit('payment_intent.requires_action', waiting)
  return waiting
}

function refuse(
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline,
): never {
  const charge = makeCharge(call, intent, method, decline)
  call.emit('charge.failed', charge)
  const refused = withRefusal(call, intent, method, decline, charge.id)
  throw new StripeFault(402, {
    type: 'card_error',
    code: decline.code,
    decline_code: decline.declineCode,
    message: decline.message,
    charge: charge.id,
    payment_intent: refused,
    payment_method: method,
  })
}

function withRefusal(
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  { code, declineCode, message }: Decline,
  charge: string | null,
): Stripe.PaymentIntent {
  const refused = call.tables.paymentIntents.put({
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    latest_charge: charge,
    next_action: null,
    last_payment_error: {
      type: charge ? 'card_error' : 'invalid_request_error',
      code,
      message,
      payment_method: method,
      doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`,
      ...(charge && { charge }),
      ...(declineCode && { decline_code: declineCode }),
    },
  })
  call.emit('payment_intent.payment_failed', refused)
  return refused
}
