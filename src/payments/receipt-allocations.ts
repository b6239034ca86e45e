import { taxWithin } from '../invoicing/corrections/tax-relief.ts'
import { writeOffId } from '../invoicing/corrections/write-off.ts'
import type { Allocation } from '../invoicing/settlement.ts'
import { daysBetween } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import type { Minor } from '../kernel/money.ts'
import { assert } from '../kernel/problem.ts'
import { credit, debit, type JournalEntry, journalEntry } from '../ledger/journal-entry.ts'
import type { Candidate, Match } from './match.ts'
import type { Payment } from './payment.ts'
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
  const tax = lost?.taxed ? taxRecovered(lost.taxed, lost.amount, recovered) : 0n
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

/** The tax on what is lost before, less that on what is lost after: recovered in parts, it is what was given back. */
const taxRecovered = (taxed: Parameters<typeof taxWithin>[0], lost: Minor, recovered: Minor): Minor =>
  taxWithin(taxed, lost) - taxWithin(taxed, lost - recovered)
