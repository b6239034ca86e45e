import { writeOffId } from '../invoicing/corrections/write-off.ts'
import type { Allocation } from '../invoicing/settlement.ts'
import { daysBetween, type LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import type { Minor } from '../kernel/money.ts'
import { assert } from '../kernel/problem.ts'
import { rational, roundToInteger } from '../kernel/rational.ts'
import {
  credit,
  type Dimensions,
  debit,
  type JournalEntry,
  journalEntry,
  type Posting,
} from '../ledger/journal-entry.ts'
import type { Candidate, Match } from './matching.ts'
import type { Payment } from './payment.ts'

/** What of an invoice the entries of its settlement name. */
export type SettledInvoice = Pick<
  Candidate,
  'id' | 'number' | 'customerRef' | 'contractRef' | 'issueDate' | 'lost'
>

type Decided = { actor: string; now: number; date: LocalDate }

/** Rows of one decision, and the entries that go with them. */
export type Settled = { allocations: Allocation[]; entries: JournalEntry[] }

export function paymentAllocations(
  payment: Payment,
  { allocations, rule, explanation }: Pick<Match, 'allocations' | 'rule' | 'explanation'>,
  { actor, now }: { actor: string; now: number },
): Allocation[] {
  return allocations.map(({ invoiceId, amount }) => ({
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
}

export function invoiceOf(candidates: readonly Candidate[], { invoiceId }: { invoiceId: string }): Candidate {
  const invoice = candidates.find(({ id }) => id === invoiceId)
  assert(invoice, `allocation to invoice ${invoiceId}, which is no candidate`)
  return invoice
}

/**
 * Applies money to an invoice: Dr unapplied cash / Cr accounts receivable. What comes for an invoice that was written
 * off is recovered: Cr bad debt expense, and the tax that had been given back is owed again.
 */
export function settle(
  payment: Payment,
  allocation: Allocation,
  invoice: Candidate,
  decided: Decided,
): Settled {
  const open = invoice.open > 0n ? invoice.open : 0n
  const recovered = allocation.amount > open ? allocation.amount - open : 0n
  return {
    // What takes back comes first: the invoice has no room for the money before.
    allocations: [...(recovered > 0n ? [recovery(allocation, recovered)] : []), allocation],
    entries: [allocatedEntry(payment, allocation, invoice, recovered, decided)],
  }
}

export const recoveryId = (allocationId: string): string => derivedId('alc', 'recovery', allocationId)

const recovery = (allocation: Allocation, recovered: Minor): Allocation => ({
  ...allocation,
  id: recoveryId(allocation.id),
  kind: 'write_off',
  paymentId: null,
  amount: -recovered,
  reverses: writeOffId(allocation.invoiceId),
  rule: 'recovery',
})

/** Money that came before its invoice settles it on the day of issue: until then there is no receivable to settle. */
export function allocatedEntry(
  payment: Payment,
  allocation: Allocation,
  { id: invoiceId, number, customerRef, contractRef, issueDate, lost }: SettledInvoice,
  recovered: Minor,
  { date }: Pick<Decided, 'date'>,
): JournalEntry {
  const dimensions = { customerRef, contractRef, invoiceId }
  const tax = lost && lost.amount > 0n ? roundToInteger(rational(lost.tax * recovered, lost.amount)) : 0n
  return journalEntry({
    entityRef: payment.entityRef,
    currency: payment.currency,
    postingDate: daysBetween(date, issueDate) > 0 ? issueDate : date,
    event: 'payment_allocated',
    sourceId: allocation.id,
    recordedAt: allocation.createdAt,
    description: `Payment applied to invoice ${number}`,
    postings: [
      debit('unapplied_cash', allocation.amount, { customerRef, paymentId: payment.id }),
      credit('accounts_receivable', allocation.amount - recovered, dimensions),
      credit('bad_debt_expense', recovered - tax, dimensions),
      credit('tax_payable', tax, dimensions),
    ],
  })
}

export const bankFeeId = (paymentId: string, invoiceId: string): string =>
  derivedId('alc', 'bank_fee', paymentId, invoiceId)

/** What a bank kept on the way is the seller's cost: Dr bank fees / Cr accounts receivable. */
export function bearFee(
  payment: Payment,
  { invoiceId, amount }: { invoiceId: string; amount: Minor },
  { number, customerRef, contractRef }: SettledInvoice,
  { actor, now, date }: Decided,
): Settled {
  const id = bankFeeId(payment.id, invoiceId)
  const dimensions = { customerRef, contractRef, invoiceId }
  const allocation: Allocation = {
    id,
    kind: 'bank_fee',
    paymentId: null,
    grantId: null,
    creditNoteId: null,
    invoiceId,
    amount,
    reverses: null,
    rule: 'bank_fee',
    explanation: 'The payment was short by no more than the tolerance for bank fees.',
    actor,
    createdAt: now,
  }
  const entry = journalEntry({
    entityRef: payment.entityRef,
    currency: payment.currency,
    postingDate: date,
    event: 'bank_fee_borne',
    sourceId: id,
    recordedAt: now,
    description: `Bank fee borne for invoice ${number}`,
    postings: [
      debit('bank_fees', amount, { customerRef }),
      credit('accounts_receivable', amount, dimensions),
    ],
  })
  return { allocations: [allocation], entries: [entry] }
}

export const earlyDiscountId = (paymentId: string, invoiceId: string): string =>
  derivedId('alc', 'early_payment', paymentId, invoiceId)

/**
 * The discount for paying early lowers revenue and the tax on it: Dr revenue discount, tax payable / Cr accounts
 * receivable. All of it counts on the day of the payment, also for service that is still to come.
 *
 * @example 119.00 with 19.00 tax, 2 %: Dr revenue discount 2.00, tax payable 0.38 / Cr accounts receivable 2.38
 */
export function grantDiscount(
  payment: Payment,
  { invoiceId, amount }: { invoiceId: string; amount: Minor },
  invoice: Pick<Candidate, 'number' | 'customerRef' | 'contractRef'> & {
    discount?: { tax: Minor } | undefined
  },
  { actor, now, date }: Decided,
): Settled {
  const id = earlyDiscountId(payment.id, invoiceId)
  const allocation: Allocation = {
    id,
    kind: 'discount',
    paymentId: null,
    grantId: null,
    creditNoteId: null,
    invoiceId,
    amount,
    reverses: null,
    rule: 'early_payment',
    explanation: 'The payment came in time for the discount.',
    actor,
    createdAt: now,
  }
  const { customerRef, contractRef } = invoice
  const entry = journalEntry({
    entityRef: payment.entityRef,
    currency: payment.currency,
    postingDate: date,
    event: 'early_discount_taken',
    sourceId: id,
    recordedAt: now,
    description: `Discount for paying invoice ${invoice.number} early`,
    postings: discountPostings(amount, invoice.discount?.tax ?? 0n, { customerRef, contractRef, invoiceId }),
  })
  return { allocations: [allocation], entries: [entry] }
}

/** A discount as it is granted; of a negative amount, as it is taken back. */
export const discountPostings = (amount: Minor, tax: Minor, dimensions: Dimensions): Posting[] => [
  debit('revenue_discount', amount - tax, dimensions),
  debit('tax_payable', tax, dimensions),
  credit('accounts_receivable', amount, dimensions),
]
