import { balanceOf, type GrantState, type Moved } from '../credits/movement.ts'
import { planVoid } from '../credits/void-grant.ts'
import type { Instant, LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import { formatMoney, type Minor, sum } from '../kernel/money.ts'
import { invalid } from '../kernel/problem.ts'
import type { JournalEntry } from '../ledger/journal-entry.ts'
import { carriedShare, type HeldTokens } from './crypto/fair-value.ts'
import type { Payment } from './payment.ts'
import type { Refund, RefundKind } from './refund.ts'
import { refundEntry } from './refund-entries.ts'

export type RefundInput = {
  payment: Payment
  /** What of the payment no invoice and no credit took. */
  unapplied: Minor
  /** The grants that hold the payment's credit. */
  grants: readonly GrantState[]
  /** What is left of the tokens that the payment came in, where they were valued. */
  held?: HeldTokens | undefined
  /** Minor units; all that can be paid back where none is given. */
  amount?: Minor | undefined
  /** What the bank or the network took for it; Stripe tells its own. */
  fee?: Minor | undefined
  kind: RefundKind
  /** Business identity within the payment. */
  key: string
  reason: string
  paidOn: LocalDate
  processorRef?: string | undefined
  actor: string
  now: Instant
}

export type RefundPlan = { refund: Refund; voided: Moved[]; entries: JournalEntry[] }

export const refundId = (paymentId: string, key: string): string => derivedId('rfd', paymentId, key)

/**
 * Pays money of a payment back: first what is unapplied, then the customer's credit that came from it. What settles an
 * invoice is not touched: a credit note, or the undo of the allocation, comes first. Dr unapplied cash and customer
 * credit, and bank or network fees / Cr the account that the money came in by.
 *
 * @throws Problem 422 `refund_beyond_payment` for more than is left, or where nothing is; `fee_out_of_range`.
 * @example 100.00 of which 70.00 settle an invoice and 30.00 are credit: at most 30.00
 */
export function planRefund(input: RefundInput): RefundPlan {
  const { payment, unapplied, grants, actor, now, reason } = input
  const available = unapplied + sum(grants.map(balanceOf))
  const amount = input.amount ?? available
  if (amount <= 0n || amount > available) throw beyond(payment, available)
  const fromUnapplied = amount < unapplied ? amount : unapplied
  const refund: Refund = {
    id: refundId(payment.id, input.key),
    paymentId: payment.id,
    kind: input.kind,
    currency: payment.currency,
    amount,
    fromUnapplied,
    fee: feeOf(input),
    carried: input.held ? carriedShare(input.held, amount) : null,
    state: isForTheCard(input) ? 'pending' : 'succeeded',
    processorRef: input.processorRef ?? null,
    reason,
    actor,
    paidOn: input.paidOn,
    createdAt: now,
    endedAt: null,
  }
  return {
    refund,
    voided: takenFrom(grants, amount - fromUnapplied, { reason, actor, at: now }),
    entries: [refundEntry(refund, payment)],
  }
}

function feeOf(input: RefundInput): Minor {
  const { fee = 0n } = input
  if (fee === 0n || (fee > 0n && !isForTheCard(input))) return fee
  const message = 'must not be negative, and is for money that was sent by hand: Stripe tells its own fees'
  throw invalid('fee_out_of_range', `The fee ${message}.`, [{ path: 'fee', message }])
}

/** A card is asked once the refund is in the books; any other money has left already. */
const isForTheCard = ({ payment, kind, processorRef }: RefundInput): boolean =>
  payment.rail === 'card' && kind === 'refund' && processorRef === undefined

function takenFrom(
  grants: readonly GrantState[],
  amount: Minor,
  voiding: { reason: string; actor: string; at: Instant },
): Moved[] {
  let left = amount
  return grants.flatMap((state) => {
    const moved = left > 0n ? planVoid(state, { ...voiding, amount: left }) : undefined
    left -= moved?.movement.amount ?? 0n
    return moved ? [moved] : []
  })
}

function beyond({ currency }: Payment, available: Minor) {
  const message = `${formatMoney(available, currency)} ${currency} of this payment can be paid back`
  return invalid(
    'refund_beyond_payment',
    `${message}; what settles an invoice is freed by a credit note, or by undoing its allocation.`,
    [{ path: 'amount', message }],
  )
}
