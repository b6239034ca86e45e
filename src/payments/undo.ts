import { taxWithin } from '../invoicing/corrections/tax-relief.ts'
import type { Invoice } from '../invoicing/invoice.ts'
import type { Allocation, SettlementKind, Standing } from '../invoicing/settlement.ts'
import type { Instant, LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import type { Minor } from '../kernel/money.ts'
import {
  credit,
  debit,
  entryId,
  type JournalEntry,
  journalEntry,
  type Posting,
} from '../ledger/journal-entry.ts'
import type { JournalEvent } from '../ledger/journal-event.ts'
import { bankFeeId } from './bank-fee.ts'
import { discountPostings, earlyDiscountId } from './early-discount.ts'
import type { Payment } from './payment.ts'

/** The rule of an allocation that takes another back. */
export const UNDO = 'undo'

export type UndoInput = {
  payment: Payment
  /** What of the payment settles this invoice, and the bank's fee or the discount that was let go with it. */
  standing: readonly Standing<Allocation>[]
  invoice: Pick<Invoice, 'id' | 'number' | 'customerRef' | 'contractRef' | 'total' | 'totalTax'>
  reason: string
  /** Tells this undo from others of the same allocations, where it takes back a part of them. */
  key?: string | undefined
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
  const undone = input.standing.map((original) => ({ original, taken: takenBack(original, input) }))
  return {
    allocations: undone.map(({ taken }) => taken),
    entries: undone.map(({ original, taken }) => undoneEntry(taken, original, input)),
  }
}

function takenBack(allocation: Standing<Allocation>, { reason, key, actor, now }: UndoInput): Allocation {
  const { left, ...row } = allocation
  return {
    ...row,
    id: derivedId('alc', 'undo', row.id, ...(key === undefined ? [] : [key])),
    amount: -left,
    reverses: row.id,
    rule: UNDO,
    explanation: reason,
    actor,
    createdAt: now,
  }
}

/** What each kind of settlement was posted as. */
const EVENTS: Partial<Record<SettlementKind, JournalEvent>> = {
  bank_fee: 'bank_fee_borne',
  discount: 'early_discount_taken',
}

/** The entry of a row that takes back an allocation, all of it or a part. */
export function undoneEntry(
  taken: Allocation,
  original: Allocation,
  undo: Pick<UndoInput, 'payment' | 'invoice' | 'today'>,
): JournalEntry {
  const event = EVENTS[original.kind] ?? 'payment_allocated'
  return journalEntry({
    entityRef: undo.payment.entityRef,
    currency: undo.payment.currency,
    postingDate: undo.today,
    event: 'allocation_undone',
    sourceId: taken.id,
    description: `Payment no longer applied to invoice ${undo.invoice.number}`,
    recordedAt: taken.createdAt,
    postedBy: taken.actor,
    // A part that was taken back before is no longer in the entry's amount.
    ...(taken.amount === -original.amount && { reverses: entryId(event, original.id) }),
    postings: undoPostings(taken, undo),
  })
}

function undoPostings(
  { kind, amount }: Allocation,
  { payment, invoice }: Pick<UndoInput, 'payment' | 'invoice'>,
): Posting[] {
  const { id: invoiceId, customerRef, contractRef } = invoice
  const dimensions = { customerRef, contractRef, invoiceId }
  if (kind === 'discount') return discountPostings(amount, -taxWithin(invoice, -amount), dimensions)
  return [
    debit('accounts_receivable', -amount, dimensions),
    kind === 'bank_fee'
      ? credit('bank_fees', -amount, { customerRef })
      : credit('unapplied_cash', -amount, { customerRef, paymentId: payment.id }),
  ]
}

/** The standing parts of an invoice's settlement that belong to one allocation of a payment. */
export const partsOf = (
  standing: readonly Standing<Allocation>[],
  allocation: { id: string; paymentId: string | null; invoiceId: string },
): Standing<Allocation>[] =>
  standing.filter(
    ({ id }) =>
      id === allocation.id ||
      (allocation.paymentId !== null && letGoWith(allocation.paymentId, allocation.invoiceId).includes(id)),
  )

/** What was settled besides the money of a payment. */
export const letGoWith = (paymentId: string, invoiceId: string): string[] => [
  bankFeeId(paymentId, invoiceId),
  earlyDiscountId(paymentId, invoiceId),
]

/** What of a payment nobody has taken: no invoice, no credit, no refund. */
export const unappliedOf = (
  payment: Payment,
  taken: { applied: Minor; credit: Minor; refunded: Minor },
): Minor => payment.amount - taken.applied - taken.credit - taken.refunded
