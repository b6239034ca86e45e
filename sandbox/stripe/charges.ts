import type { Hono } from 'hono'
import type Stripe from 'stripe'
import { z } from 'zod'
import { cardFee, moveBalance } from './balance.ts'
import { type Call, endpoint, type StandInEnv } from './call.ts'
import type { Decline } from './cards.ts'
import { noSuch } from './fault.ts'
import { stripeId } from './ids.ts'
import { listFields, listPage } from './list.ts'
import { params, text } from './params.ts'

const listParams = params({
  ...listFields,
  customer: text.optional(),
  payment_intent: z.string().optional(),
})

export function mountCharges(app: Hono<StandInEnv>): void {
  app.get('/v1/charges', endpoint(listParams, listCharges))
  app.get(
    '/v1/charges/:id',
    endpoint(params({}), ({ tables }, _, id) => chargeOf(tables, id)),
  )
}

export function chargeOf(tables: Call['tables'], id: string, param?: string): Stripe.Charge {
  const charge = tables.charges.get(id)
  if (!charge) throw noSuch('charge', id, param)
  return charge
}

/** The record of one try at a card, taken or refused. */
export const makeCharge = (
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline | null,
): Stripe.Charge => {
  const charge = chargeWith(call, intent, method, decline)
  return call.tables.charges.put(decline ? charge : { ...charge, balance_transaction: earn(call, charge).id })
}

const earn = (call: Call, { id, amount, currency }: Stripe.Charge): Stripe.BalanceTransaction =>
  moveBalance(call, {
    type: 'charge',
    amount,
    currency,
    source: id,
    description: `Payment for ${id}`,
    reporting_category: 'charge',
    fee: { amount: cardFee(amount), description: 'Stripe processing fees' },
  })

const listCharges = ({ tables }: Call, given: z.output<typeof listParams>) =>
  listPage(
    tables.charges
      .all()
      .filter(({ customer }) => given.customer === undefined || customer === given.customer)
      .filter(
        ({ payment_intent: intent }) => given.payment_intent === undefined || intent === given.payment_intent,
      ),
    '/v1/charges',
    'charge',
    given,
  )

function chargeWith(
  { now, origin }: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline | null,
): Stripe.Charge {
  const id = stripeId('ch')
  return {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: decline ? 0 : intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: null,
    captured: decline === null,
    created: now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(decline),
    paid: decline === null,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: methodDetails(method, intent.amount),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: decline ? null : `${origin}/receipts/${id}`,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: decline ? 'failed' : 'succeeded',
    transfer_data: null,
    transfer_group: null,
  }
}

const outcomeOf = (decline: Decline | null): Stripe.Charge.Outcome => ({
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: decline ? 'declined_by_network' : 'approved_by_network',
  reason: decline ? decline.declineCode : null,
  risk_level: 'normal',
  risk_score: 20,
  seller_message: decline
    ? 'The bank did not return any further details with this decline.'
    : 'Payment complete.',
  type: decline ? 'issuer_declined' : 'authorized',
})

function methodDetails({ card }: Stripe.PaymentMethod, amount: number): Stripe.Charge.PaymentMethodDetails {
  return {
    type: 'card',
    card: {
      amount_authorized: amount,
      authorization_code: null,
      brand: card?.brand ?? null,
      checks: card?.checks ?? null,
      country: card?.country ?? null,
      electronic_commerce_indicator: null,
      exp_month: card?.exp_month ?? 0,
      exp_year: card?.exp_year ?? 0,
      fingerprint: card?.fingerprint ?? null,
      funding: card?.funding ?? null,
      installments: null,
      last4: card?.last4 ?? null,
      mandate: null,
      network: card?.brand ?? null,
      network_transaction_id: null,
      regulated_status: 'unregulated',
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  }
}
