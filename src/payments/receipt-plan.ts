import type { CreditGrant, MoneyAccount } from '../credits/grant.ts'
import type { OutboxRow } from '../delivery/outbox.ts'
import { type CustomerCredit, grantOf } from '../invoicing/corrections/customer-credit.ts'
import type { LineReversal } from '../invoicing/corrections/line-reversal.ts'
import type { Allocation } from '../invoicing/settlement.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { assert } from '../kernel/problem.ts'
import { credit, type Dimensions, debit, type JournalEntry, journalEntry } from '../ledger/journal-entry.ts'
import { bearFee } from './bank-fee.ts'
import { grantDiscount } from './early-discount.ts'
import type { Candidate, Match } from './match.ts'
import type { Decision, Payment, Rail } from './payment.ts'
import { invoiceOf, paymentAllocations, settle } from './receipt-allocations.ts'
import type { Settled } from './settled.ts'

/** Everything that recording one payment writes; committed in one batch or not at all. */
export type ReceiptPlan = {
  payment: Payment
  match: Decision
  allocations: Allocation[]
  /** What comes back of lines that were written off. */
  reversals: LineReversal[]
  credit: CustomerCredit | null
  /** The same credit, for the next invoice to use. */
  grants: CreditGrant[]
  unapplied: Minor
  entries: JournalEntry[]
  outbox: OutboxRow[]
}

/** Where money waits between its rail and the bank account: each rail is reconciled with its own provider. */
export const CLEARING: Record<Rail, MoneyAccount> = {
  card: 'stripe_clearing',
  wire: 'bank_clearing',
  crypto: 'crypto_assets',
  manual: 'manual_clearing',
}

/**
 * Turns a payment and the decision about it into rows, journal entries and effects. All money enters through
 * unapplied cash, which each allocation and credit then draws on, so that undoing a decision never touches the fact.
 * Always: amount = allocations + credit + unapplied.
 */
export function planReceipt(
  received: Payment,
  match: Match,
  candidates: readonly Candidate[],
  decided: { actor: string; now: number; timezone: string },
): ReceiptPlan {
  const payment = { ...received, customerRef: match.customerRef ?? received.customerRef }
  const allocations = paymentAllocations(payment, match, decided)
  const surplus = payment.amount - sum(allocations.map(({ amount }) => amount))
  assert(surplus >= 0n, `payment ${payment.id} is allocated beyond its amount`)
  const kept = creditOf(payment, match.customerRef, surplus, decided.now)
  const { rule, explanation } = match
  const beside = { ...decided, date: payment.receivedOn }
  const settled = allocations.map((each) => settle(payment, each, invoiceOf(candidates, each), beside))
  const letGo = letGoOf(payment, match, candidates, beside)
  return {
    payment,
    match: { paymentId: payment.id, rule, explanation, actor: decided.actor, decidedAt: decided.now },
    allocations: [...settled, ...letGo].flatMap((one) => one.allocations),
    reversals: settled.flatMap((one) => one.reversals),
    credit: kept,
    grants: kept ? [grantOf(kept, 'overpayment', CLEARING[payment.rail], decided.timezone)] : [],
    unapplied: kept ? 0n : surplus,
    entries: [
      receivedEntry(payment),
      ...[...settled, ...letGo].flatMap((one) => one.entries),
      ...(kept ? [creditedEntry(payment, kept)] : []),
    ].map((entry) => (payment.rail === 'manual' ? { ...entry, postedBy: decided.actor } : entry)),
    outbox: allocations.map(({ id }) => receiptMail(id, decided.now)),
  }
}

export const overpaymentId = (paymentId: string): string => derivedId('ccr', paymentId)

/** What is settled besides the money: the bank's fee, or a discount. */
function letGoOf(
  payment: Payment,
  { fee, discount }: Match,
  candidates: readonly Candidate[],
  beside: { actor: string; now: number; date: LocalDate },
): Settled[] {
  return [
    ...(fee ? [bearFee(payment, fee, invoiceOf(candidates, fee), beside)] : []),
    ...(discount ? [grantDiscount(payment, discount, invoiceOf(candidates, discount), beside)] : []),
  ]
}

/** What is too much belongs to the customer, once it is known who that is. */
const creditOf = (
  payment: Payment,
  customerRef: string | null,
  surplus: Minor,
  now: number,
): CustomerCredit | null =>
  customerRef === null || surplus === 0n
    ? null
    : {
        id: overpaymentId(payment.id),
        paymentId: payment.id,
        customerRef,
        entityRef: payment.entityRef,
        currency: payment.currency,
        amount: surplus,
        createdAt: now,
      }

export const receiptMail = (allocationId: string, now: number): OutboxRow => ({
  id: derivedId('obx', 'receipt_mail', allocationId),
  topic: 'receipt_mail',
  payload: { allocationId },
  dueAt: now,
})

/** Money came in: Dr the clearing account of its rail / Cr unapplied cash. */
export function receivedEntry(payment: Payment): JournalEntry {
  const dimensions: Dimensions = payment.customerRef === null ? {} : { customerRef: payment.customerRef }
  return journalEntry({
    ...common(payment, payment.receivedOn),
    event: 'payment_received',
    sourceId: payment.id,
    description: `Payment received by ${payment.rail}`,
    postings: [
      debit(CLEARING[payment.rail], payment.amount, dimensions),
      credit('unapplied_cash', payment.amount, { ...dimensions, paymentId: payment.id }),
    ],
  })
}

/** What no invoice took is the customer's: Dr unapplied cash / Cr customer credit. */
export const creditedEntry = (payment: Payment, kept: CustomerCredit): JournalEntry =>
  journalEntry({
    ...common(payment, payment.receivedOn),
    event: 'customer_credited',
    sourceId: payment.id,
    description: 'Payment beyond what was open, kept as credit',
    postings: [
      debit('unapplied_cash', kept.amount, { customerRef: kept.customerRef, paymentId: payment.id }),
      credit('customer_credit', kept.amount, { customerRef: kept.customerRef }),
    ],
  })

const common = (payment: Payment, postingDate: LocalDate) => ({
  entityRef: payment.entityRef,
  currency: payment.currency,
  recordedAt: payment.recordedAt,
  postingDate,
})
