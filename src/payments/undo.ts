import type { Allocation, Standing } from '../invoicing/settlement.ts'
import type { Instant, LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import type { Minor } from '../kernel/money.ts'
import { credit, debit, entryId, type JournalEntry, journalEntry } from '../ledger/journal-entry.ts'
import type { Payment } from './payment.ts'
import { bankFeeId } from './receipt-allocations.ts'

/** The rule of an allocation that takes another back. */
export const UNDO = 'undo'

export type UndoInput = {
  payment: Payment
  /** What of the payment settles this invoice, and the bank's fee that was let go with it. */
  standing: readonly Standing<Allocation>[]
  invoice: { id: string; number: string; customerRef: string; contractRef: string }
  reason: string
  today: LocalDate
  actor: string
  now: Instant
}

export type UndoPlan = { allocations: Allocation[]; entries: JournalEntry[] }

/**
 * Takes back what a payment settled of an invoice: Dr accounts receivable / Cr unapplied cash, and bank fees where a
 * short payment was taken as enough. The invoice is open again, and the money waits to be applied anew.
 */
export function planUndo(input: UndoInput): UndoPlan {
  return {
    allocations: input.standing.map((allocation) => takenBack(allocation, input)),
    entries: input.standing.map((allocation) => undoEntry(allocation, input)),
  }
}

const undoId = (allocation: Standing<Allocation>): string => derivedId('alc', 'undo', allocation.id)

function takenBack(allocation: Standing<Allocation>, { reason, actor, now }: UndoInput): Allocation {
  const { left, ...row } = allocation
  return {
    ...row,
    id: undoId(allocation),
    amount: -left,
    reverses: row.id,
    rule: UNDO,
    explanation: reason,
    actor,
    createdAt: now,
  }
}

function undoEntry(allocation: Standing<Allocation>, input: UndoInput): JournalEntry {
  const { payment, invoice, today, actor, now } = input
  const { id: invoiceId, customerRef, contractRef } = invoice
  const isFee = allocation.kind === 'bank_fee'
  const event = isFee ? 'bank_fee_borne' : 'payment_allocated'
  return journalEntry({
    entityRef: payment.entityRef,
    currency: payment.currency,
    postingDate: today,
    event: 'allocation_undone',
    sourceId: undoId(allocation),
    description: `Payment no longer applied to invoice ${invoice.number}`,
    recordedAt: now,
    postedBy: actor,
    // A part that a credit note has taken back before is no longer in the entry's amount.
    ...(allocation.left === allocation.amount && { reverses: entryId(event, allocation.id) }),
    postings: [
      debit('accounts_receivable', allocation.left, { customerRef, contractRef, invoiceId }),
      isFee
        ? credit('bank_fees', allocation.left, { customerRef })
        : credit('unapplied_cash', allocation.left, { customerRef, paymentId: payment.id }),
    ],
  })
}

/** The standing parts of an invoice's settlement that belong to one allocation of a payment. */
export const partsOf = (
  standing: readonly Standing<Allocation>[],
  allocation: { id: string; paymentId: string | null; invoiceId: string },
): Standing<Allocation>[] =>
  standing.filter(
    ({ id }) =>
      id === allocation.id ||
      (allocation.paymentId !== null && id === bankFeeId(allocation.paymentId, allocation.invoiceId)),
  )

/** What of a payment nobody has taken: no invoice, no credit, no refund. */
export const unappliedOf = (
  payment: Payment,
  taken: { applied: Minor; credit: Minor; refunded: Minor },
): Minor => payment.amount - taken.applied - taken.credit - taken.refunded
