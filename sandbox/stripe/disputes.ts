import type { Hono } from 'hono'
import type Stripe from 'stripe'
import { moveBalance } from './balance.ts'
import { type Call, endpoint, type StandInEnv } from './call.ts'
import { chargeOf } from './charges.ts'
import { invalidRequest, noSuch } from './fault.ts'
import { stripeId } from './ids.ts'
import { params } from './params.ts'

/** What Stripe takes for a dispute, in the smallest unit of the charge's currency. */
const FEE = 1_500

export function mountDisputes(app: Hono<StandInEnv>): void {
  app.get(
    '/v1/disputes/:id',
    endpoint(params({}), ({ tables }, _, id) => disputeOf(tables, id)),
  )
}

function disputeOf(tables: Call['tables'], id: string): Stripe.Dispute {
  const dispute = tables.disputes.get(id)
  if (!dispute) throw noSuch('dispute', id)
  return dispute
}

type Opened = { payment_intent: string; status: 'needs_response' | 'warning_needs_response' }

/** The holder of a card disputes a charge. The money leaves at once, with a fee; an inquiry moves none. */
export function openDispute(call: Call, { payment_intent: intentId, status }: Opened): Stripe.Dispute {
  const intent = call.tables.paymentIntents.get(intentId)
  if (!intent?.latest_charge) throw noSuch('payment_intent', intentId, 'payment_intent')
  const charge = chargeOf(call.tables, intent.latest_charge as string)
  call.tables.charges.put({ ...charge, disputed: true })
  const opened = disputeWith(call, charge, intentId)
  const movements = status === 'needs_response' ? [withdrawal(call, charge, opened.id)] : []
  const dispute = call.tables.disputes.put({ ...opened, status, balance_transactions: movements })
  call.emit('charge.dispute.created', dispute)
  return dispute
}

/** The card network decides. */
export function closeDispute(call: Call, id: string, status: 'won' | 'lost'): Stripe.Dispute {
  const before = disputeOf(call.tables, id)
  if (before.status === 'won' || before.status === 'lost')
    throw invalidRequest('This dispute is already closed.')
  const back = status === 'won' ? [reinstatement(call, before)] : []
  const movements = [...before.balance_transactions, ...back]
  const dispute = call.tables.disputes.put({ ...before, status, balance_transactions: movements })
  call.emit('charge.dispute.closed', dispute)
  return dispute
}

const disputeWith = ({ now }: Call, charge: Stripe.Charge, intentId: string): Stripe.Dispute =>
  ({
    id: stripeId('dp'),
    object: 'dispute',
    amount: charge.amount,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: intentId,
    reason: 'fraudulent',
    status: 'needs_response',
    // What evidence was given plays no part in the stand-in's verdict.
  }) as unknown as Stripe.Dispute

const withdrawal = (call: Call, charge: Stripe.Charge, dispute: string): Stripe.BalanceTransaction =>
  moveBalance(call, {
    type: 'adjustment',
    amount: -charge.amount,
    currency: charge.currency,
    source: dispute,
    description: `Chargeback withdrawal for ${charge.id}`,
    reporting_category: 'dispute',
    fee: { amount: FEE, description: 'Dispute fee' },
  })

/** The fee stays with Stripe. */
const reinstatement = (call: Call, { id, amount, currency }: Stripe.Dispute): Stripe.BalanceTransaction =>
  moveBalance(call, {
    type: 'adjustment',
    amount,
    currency,
    source: id,
    description: `Chargeback reversal for ${id}`,
    reporting_category: 'dispute_reversal',
  })
