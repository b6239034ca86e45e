import type { Hono } from 'hono'
import type Stripe from 'stripe'
import { moveBalance } from './balance.ts'
import { type Call, endpoint, type StandInEnv } from './call.ts'
import { invalidRequest, noSuch } from './fault.ts'
import { stripeId } from './ids.ts'
import { params } from './params.ts'

export function mountPayouts(app: Hono<StandInEnv>): void {
  app.get(
    '/v1/payouts/:id',
    endpoint(params({}), ({ tables }, _, id) => payoutOf(tables, id)),
  )
}

function payoutOf(tables: Call['tables'], id: string): Stripe.Payout {
  const payout = tables.payouts.get(id)
  if (!payout) throw noSuch('payout', id)
  return payout
}

/** What Stripe does of itself each day: everything that is available in a currency leaves for the bank account. */
export function payOut(call: Call, currency: string): Stripe.Payout {
  const { tables } = call
  const available = tables.balanceTransactions
    .all()
    .filter((moved) => moved.currency === currency && !tables.payoutOf.get(moved.id))
  const amount = available.reduce((total, { net }) => total + net, 0)
  if (amount <= 0) throw invalidRequest(`Nothing is available in ${currency}.`)
  const payout = tables.payouts.put(payoutWith(call, currency, amount))
  const out = moveBalance(call, {
    type: 'payout',
    amount: -amount,
    currency,
    source: payout.id,
    description: 'STRIPE PAYOUT',
    reporting_category: 'payout',
  })
  for (const { id } of [...available, out]) tables.payoutOf.put({ id, payout: payout.id })
  const made = tables.payouts.put({ ...payout, balance_transaction: out.id })
  call.emit('payout.created', made)
  call.emit('payout.reconciliation_completed', made)
  return made
}

/** The money arrives, or the bank refuses it, also days after it was said to have arrived: then it is available again. */
export function endPayout(call: Call, id: string, status: 'paid' | 'failed'): Stripe.Payout {
  const before = payoutOf(call.tables, id)
  if (before.status === 'failed') throw invalidRequest('This payout has failed.')
  const back =
    status === 'failed'
      ? moveBalance(call, {
          type: 'payout_failure',
          amount: before.amount,
          currency: before.currency,
          source: id,
          description: 'STRIPE PAYOUT FAILURE',
          reporting_category: 'payout_reversal',
        })
      : null
  const ended = call.tables.payouts.put({
    ...before,
    status,
    failure_balance_transaction: back?.id ?? null,
    failure_code: back && 'account_closed',
  })
  call.emit(`payout.${status}`, ended)
  return ended
}

const payoutWith = ({ now }: Call, currency: string, amount: number): Stripe.Payout => ({
  id: stripeId('po'),
  object: 'payout',
  amount,
  application_fee: null,
  application_fee_amount: null,
  arrival_date: now,
  automatic: true,
  balance_transaction: null,
  created: now,
  currency,
  description: 'STRIPE PAYOUT',
  destination: stripeId('ba'),
  failure_balance_transaction: null,
  failure_code: null,
  failure_message: null,
  livemode: false,
  metadata: {},
  method: 'standard',
  original_payout: null,
  payout_method: null,
  reconciliation_status: 'completed',
  reversed_by: null,
  source_type: 'card',
  statement_descriptor: null,
  status: 'in_transit',
  trace_id: { status: 'supported', value: `TRACE${now}` },
  type: 'bank_account',
})
