import type { Hono } from 'hono'
import type Stripe from 'stripe'
import { z } from 'zod'
import { moveBalance } from './balance.ts'
import { type Call, endpoint, type StandInEnv } from './call.ts'
import { chargeOf } from './charges.ts'
import { mergedMetadata } from './customers.ts'
import { invalidRequest, noSuch } from './fault.ts'
import { stripeId } from './ids.ts'
import { listFields, listPage } from './list.ts'
import { integer, metadata, params, text } from './params.ts'

const createParams = params({
  amount: integer.optional(),
  charge: text.optional(),
  payment_intent: text.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata: metadata.optional(),
})
const listParams = params({ ...listFields, charge: text.optional(), payment_intent: text.optional() })

export function mountRefunds(app: Hono<StandInEnv>): void {
  app.post('/v1/refunds', endpoint(createParams, createRefund))
  app.get('/v1/refunds', endpoint(listParams, listRefunds))
  app.get(
    '/v1/refunds/:id',
    endpoint(params({}), ({ tables }, _, id) => refundOf(tables, id)),
  )
}

function refundOf(tables: Call['tables'], id: string): Stripe.Refund {
  const refund = tables.refunds.get(id)
  if (!refund) throw noSuch('refund', id)
  return refund
}

function createRefund(call: Call, given: z.output<typeof createParams>): Stripe.Refund {
  const charge = chargeToRefund(call, given)
  const left = charge.amount_captured - charge.amount_refunded
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    })
  }
  const { amount = left } = given
  if (amount < 1 || amount > left) {
    throw invalidRequest(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: 'amount',
    })
  }
  const asked = refundWith(charge, amount, given, call.now)
  const refund = call.tables.refunds.put({
    ...asked,
    balance_transaction: giveBack(call, asked, 'refund').id,
  })
  const amount_refunded = charge.amount_refunded + amount
  const refunded = call.tables.charges.put({
    ...charge,
    amount_refunded,
    refunded: amount_refunded === charge.amount_captured,
  })
  call.emit('refund.created', refund)
  call.emit('charge.refunded', refunded)
  return refund
}

/** The card's bank sent the money back, days later: the charge can be refunded again. */
export function failRefund(call: Call, id: string): Stripe.Refund {
  const refund = refundOf(call.tables, id)
  const charge = chargeOf(call.tables, refund.charge as string)
  call.tables.charges.put({
    ...charge,
    amount_refunded: charge.amount_refunded - refund.amount,
    refunded: false,
  })
  const failed = call.tables.refunds.put({
    ...refund,
    status: 'failed',
    failure_balance_transaction: giveBack(call, refund, 'refund_failure').id,
    failure_reason: 'expired_or_canceled_card',
  })
  call.emit('refund.failed', failed)
  return failed
}

/** The fee of the charge is kept; a refund has none of its own. */
const giveBack = (
  call: Call,
  { id, amount, currency }: Stripe.Refund,
  type: 'refund' | 'refund_failure',
): Stripe.BalanceTransaction =>
  moveBalance(call, {
    type,
    amount: type === 'refund' ? -amount : amount,
    currency,
    source: id,
    description: type === 'refund' ? 'REFUND FOR CHARGE' : 'REFUND FAILURE',
    reporting_category: type,
  })

function chargeToRefund({ tables }: Call, given: z.output<typeof createParams>): Stripe.Charge {
  if (given.charge) return chargeOf(tables, given.charge, 'charge')
  if (!given.payment_intent) {
    throw invalidRequest(
      'One of the following params should be provided for this request: payment_intent or charge.',
    )
  }
  const intent = tables.paymentIntents.get(given.payment_intent)
  if (!intent) throw noSuch('payment_intent', given.payment_intent, 'payment_intent')
  if (intent.status !== 'succeeded' || !intent.latest_charge) {
    throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`)
  }
  return chargeOf(tables, intent.latest_charge as string)
}

const listRefunds = ({ tables }: Call, given: z.output<typeof listParams>) =>
  listPage(
    tables.refunds
      .all()
      .filter(({ charge }) => given.charge === undefined || charge === given.charge)
      .filter(
        ({ payment_intent: intent }) => given.payment_intent === undefined || intent === given.payment_intent,
      ),
    '/v1/refunds',
    'refund',
    given,
  )

const refundWith = (
  charge: Stripe.Charge,
  amount: number,
  given: z.output<typeof createParams>,
  created: number,
): Stripe.Refund => ({
  id: stripeId('re'),
  object: 'refund',
  amount,
  balance_transaction: null,
  charge: charge.id,
  created,
  currency: charge.currency,
  customer: charge.customer,
  customer_account: null,
  destination_details: { type: 'card', card: { type: 'refund' } },
  metadata: mergedMetadata(null, given.metadata),
  payment_intent: charge.payment_intent,
  payment_method: charge.payment_method,
  reason: given.reason ?? null,
  receipt_number: null,
  source_transfer_reversal: null,
  status: 'succeeded',
  transfer_reversal: null,
})
