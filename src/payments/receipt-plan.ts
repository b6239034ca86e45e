import type { OutboxRow } from '../delivery/outbox.ts'
import type { CustomerCredit } from '../invoicing/customer-credit.ts'
import type { Allocation } from '../invoicing/settlement.ts'
import { daysBetween, type LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { assert } from '../kernel/problem.ts'
import type { AccountRole } from '../ledger/account.ts'
import { credit, type Dimensions, debit, type JournalEntry, journalEntry } from '../ledger/journal-entry.ts'
import type { Candidate, Match } from './matching.ts'
import type { Decision, Payment, Rail } from './payment.ts'

/** Everything that recording one payment writes; committed in one batch or not at all. */
export type ReceiptPlan = {
  payment: Payment
  match: Decision
  allocations: Allocation[]
  credit: CustomerCredit | null
  unapplied: Minor
  entries: JournalEntry[]
  outbox: OutboxRow[]
}

/** Where money waits between its rail and the bank account: each rail is reconciled with its own provider. */
const CLEARING: Record<Rail, AccountRole> = {
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
  decided: { actor: string; now: number },
): ReceiptPlan {
  const payment = { ...received, customerRef: match.customerRef ?? received.customerRef }
  const allocations = allocationsOf(payment, match, decided)
  const surplus = payment.amount - sum(allocations.map(({ amount }) => amount))
  assert(surplus >= 0n, `payment ${payment.id} is allocated beyond its amount`)
  const kept = creditOf(payment, match.customerRef, surplus, decided.now)
  const { rule, explanation } = match
  return {
    payment,
    match: { paymentId: payment.id, rule, explanation, actor: decided.actor, decidedAt: decided.now },
    allocations,
    credit: kept,
    unapplied: kept ? 0n : surplus,
    entries: [
      receivedEntry(payment),
      ...allocations.map((each) => allocatedEntry(payment, each, invoiceOf(candidates, each))),
      ...(kept ? [creditedEntry(payment, kept)] : []),
    ].map((entry) => (payment.rail === 'manual' ? { ...entry, postedBy: decided.actor } : entry)),
    outbox: allocations.map(({ id }) => receiptMail(id, decided.now)),
  }
}

const allocationsOf = (
  payment: Payment,
  { allocations, rule, explanation }: Match,
  { actor, now }: { actor: string; now: number },
): Allocation[] =>
  allocations.map(({ invoiceId, amount }) => ({
    id: derivedId('alc', payment.id, invoiceId),
    kind: 'payment',
    paymentId: payment.id,
    grantId: null,
    creditNoteId: null,
    invoiceId,
    amount,
    reverses: null,
    rule,
    explanation,
    actor,
    createdAt: now,
  }))

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
        id: derivedId('ccr', payment.id),
        paymentId: payment.id,
        customerRef,
        entityRef: payment.entityRef,
        currency: payment.currency,
        amount: surplus,
        createdAt: now,
      }

const receiptMail = (allocationId: string, now: number): OutboxRow => ({
  id: derivedId('obx', 'receipt_mail', allocationId),
  topic: 'receipt_mail',
  payload: { allocationId },
  dueAt: now,
})

function invoiceOf(candidates: readonly Candidate[], { invoiceId }: Allocation): Candidate {
  const invoice = candidates.find(({ id }) => id === invoiceId)
  assert(invoice, `allocation to invoice ${invoiceId}, which is no candidate`)
  return invoice
}

function receivedEntry(payment: Payment): JournalEntry {
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

/** Money that came before its invoice settles it on the day of issue: until then there is no receivable to settle. */
function allocatedEntry(payment: Payment, allocation: Allocation, invoice: Candidate): JournalEntry {
  const { id: invoiceId, customerRef, contractRef, issueDate } = invoice
  const date = daysBetween(payment.receivedOn, issueDate) > 0 ? issueDate : payment.receivedOn
  return journalEntry({
    ...common(payment, date),
    event: 'payment_allocated',
    sourceId: allocation.id,
    recordedAt: allocation.createdAt,
    description: `Payment applied to invoice ${invoice.number}`,
    postings: [
      debit('unapplied_cash', allocation.amount, { customerRef, paymentId: payment.id }),
      credit('accounts_receivable', allocation.amount, { customerRef, contractRef, invoiceId }),
    ],
  })
}

const creditedEntry = (payment: Payment, kept: CustomerCredit): JournalEntry =>
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
