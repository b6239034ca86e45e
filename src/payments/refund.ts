import { balanceOf, type GrantState, type Moved } from '../credits/movement.ts'
import { planVoid } from '../credits/void-grant.ts'
import type { Instant, LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import { formatMoney, type Minor, sum } from '../kernel/money.ts'
import { invalid } from '../kernel/problem.ts'
import type { AccountRole } from '../ledger/account.ts'
import {
  credit,
  type Dimensions,
  debit,
  entryId,
  type JournalEntry,
  journalEntry,
} from '../ledger/journal-entry.ts'
import { carriedShare, type HeldTokens } from './crypto/fair-value.ts'
import type { Payment } from './payment.ts'
import { CLEARING } from './receipt-plan.ts'

/** `return`: the payer's bank took the money back. */
export const REFUND_KINDS = ['refund', 'return'] as const
export type RefundKind = (typeof REFUND_KINDS)[number]

export const REFUND_STATES = ['pending', 'succeeded', 'failed'] as const
export type RefundState = (typeof REFUND_STATES)[number]

export type Refund = {
  id: string
  paymentId: string
  kind: RefundKind
  currency: string
  amount: Minor
  fromUnapplied: Minor
  /** What the bank or the network took for it, besides the amount. */
  fee: Minor
  /** What its tokens were carried at, where they were valued; null: at par. */
  carried: Minor | null
  state: RefundState
  processorRef: string | null
  reason: string
  actor: string
  paidOn: LocalDate
  createdAt: Instant
  endedAt: Instant | null
}

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

/** Gas is paid to the network, everything else to a bank. */
const feeAccount = ({ rail }: Payment): AccountRole => (rail === 'crypto' ? 'network_fees' : 'bank_fees')

/** The entry of money that leaves again; tokens leave at what they are carried at, with the gain or loss on them. */
export function refundEntry(refund: Refund, payment: Payment): JournalEntry {
  const { amount, fee, carried } = refund
  const gain = amount - (carried ?? amount)
  return journalEntry({
    ...common(refund, payment),
    postingDate: refund.paidOn,
    event: 'payment_refunded',
    sourceId: refund.id,
    description: refund.kind === 'return' ? 'Payment returned by the bank' : 'Payment refunded',
    recordedAt: refund.createdAt,
    postings: [
      debit('unapplied_cash', refund.fromUnapplied, { ...dimensionsOf(payment), paymentId: payment.id }),
      debit('customer_credit', refund.amount - refund.fromUnapplied, dimensionsOf(payment)),
      debit(feeAccount(payment), refund.fee, dimensionsOf(payment)),
      credit(CLEARING[payment.rail], amount - gain + fee, dimensionsOf(payment)),
      credit('fx_gain_loss', gain, dimensionsOf(payment)),
    ],
  })
}

/** A refund that the card network did not carry out: the money is back, and is the customer's again. */
export const failedEntry = (refund: Refund, payment: Payment, day: LocalDate, now: Instant): JournalEntry =>
  journalEntry({
    ...common(refund, payment),
    postingDate: day,
    event: 'refund_failed',
    sourceId: refund.id,
    description: 'Refund failed',
    recordedAt: now,
    reverses: entryId('payment_refunded', refund.id),
    postings: [
      debit(CLEARING[payment.rail], refund.amount, dimensionsOf(payment)),
      credit('unapplied_cash', refund.fromUnapplied, { ...dimensionsOf(payment), paymentId: payment.id }),
      credit('customer_credit', refund.amount - refund.fromUnapplied, dimensionsOf(payment)),
    ],
  })

const common = ({ currency }: Refund, { entityRef }: Payment) => ({ currency, entityRef })

const dimensionsOf = ({ customerRef }: Payment): Dimensions => (customerRef === null ? {} : { customerRef })
