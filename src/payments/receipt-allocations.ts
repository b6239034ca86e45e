import type { LineReversal } from '../invoicing/corrections/line-reversal.ts'
import { type Recovered, recoveredPostings } from '../invoicing/corrections/recovery.ts'
import type { Allocation } from '../invoicing/settlement.ts'
import { daysBetween, type LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { assert } from '../kernel/problem.ts'
import { credit, debit, type JournalEntry, journalEntry, type Posting } from '../ledger/journal-entry.ts'
import type { Candidate, Match } from './match.ts'
import type { Payment } from './payment.ts'
import { recoveredBy, recoveryRow } from './recovered.ts'
import type { Decided, Settled, SettledInvoice } from './settled.ts'

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
 * off is recovered: Cr bad debt expense, tax payable where the tax was got back, and contract position for what was no
 * revenue (`recover`).
 */
export function settle(
  payment: Payment,
  allocation: Allocation,
  invoice: Candidate,
  decided: Decided,
): Settled & { reversals: LineReversal[] } {
  const recovered = recoveredBy(allocation, invoice, bookedOn(invoice, decided))
  return {
    // What takes back comes first: the invoice has no room for the money before.
    allocations: [...(recovered ? [recoveryRow(allocation, recovered.amount)] : []), allocation],
    reversals: recovered?.reversals ?? [],
    entries: [allocatedEntry(payment, allocation, invoice, recovered, decided)],
  }
}

/** Money that came before its invoice settles it on the day of issue: until then there is no receivable to settle. */
const bookedOn = (
  { issueDate }: Pick<SettledInvoice, 'issueDate'>,
  { date }: Pick<Decided, 'date'>,
): LocalDate => (daysBetween(date, issueDate) > 0 ? issueDate : date)

export function allocatedEntry(
  payment: Payment,
  allocation: Allocation,
  invoice: SettledInvoice,
  recovered: Recovered | undefined,
  decided: Pick<Decided, 'date'>,
): JournalEntry {
  return journalEntry({
    entityRef: payment.entityRef,
    currency: payment.currency,
    postingDate: bookedOn(invoice, decided),
    event: 'payment_allocated',
    sourceId: allocation.id,
    recordedAt: allocation.createdAt,
    description: `Payment applied to invoice ${invoice.number}`,
    postings: allocatedPostings(payment, allocation.amount, invoice, recovered),
  })
}

/** What money settles: what is open, and what was given up. */
export function allocatedPostings(
  payment: Payment,
  amount: Minor,
  { id: invoiceId, customerRef, contractRef, origin }: Omit<SettledInvoice, 'issueDate'>,
  { amount: lost, tax, reversals }: Recovered = NOTHING_RECOVERED,
): Posting[] {
  const dimensions = { customerRef, contractRef, invoiceId }
  const back = sum(reversals.map((reversal) => -reversal.amount))
  return [
    // It leaves as it came in: whose money it was may not have been known.
    debit('unapplied_cash', amount, {
      ...(payment.customerRef !== null && { customerRef: payment.customerRef }),
      paymentId: payment.id,
    }),
    credit('accounts_receivable', amount - lost, dimensions),
    ...recoveredPostings(reversals, dimensions, origin === 'import'),
    credit('bad_debt_expense', lost - tax - back, dimensions),
    credit('tax_payable', tax, dimensions),
  ]
}

const NOTHING_RECOVERED: Recovered = { amount: 0n, tax: 0n, reversals: [] }
