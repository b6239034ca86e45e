import type { LineReversal } from '../invoicing/corrections/line-reversal.ts'
import { givenUpAgain, type Recovered } from '../invoicing/corrections/recovery.ts'
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
import { allocatedPostings } from './receipt-allocations.ts'
import { lostAgainRow } from './recovered.ts'

/** The rule of an allocation that takes another back. */
export const UNDO = 'undo'

export type UndoInput = {
  payment: Payment
  /** What of the payment settles this invoice, and the bank's fee or the discount that was let go with it. */
  standing: readonly Standing<Allocation>[]
  invoice: Pick<Invoice, 'id' | 'number' | 'customerRef' | 'contractRef' | 'total' | 'totalTax' | 'origin'>
  /** What the payment has recovered of a loss, where all of that is taken back. */
  recovered?: Recovered | undefined
  reason: string
  /** Tells this undo from others of the same allocations, where it takes back a part of them. */
  key?: string | undefined
  today: LocalDate
  actor: string
  now: Instant
}

export type UndoPlan = { allocations: Allocation[]; reversals: LineReversal[]; entries: JournalEntry[] }

/**
 * Takes back what a payment settled of an invoice: Dr accounts receivable / Cr unapplied cash, and bank fees where a
 * short payment was taken as enough. The invoice is open again, and the money waits to be applied anew. What it had
 * recovered of a loss is lost again: the entry of the recovery, reversed.
 */
export function planUndo(input: UndoInput): UndoPlan {
  const undone = input.standing.map((original) => ({ original, taken: takenBack(original, input) }))
  const again = undone.map(({ taken }) => lostAgain(taken, input))
  return {
    allocations: undone.flatMap(({ taken }, place) => [taken, ...again[place]!.allocations]),
    reversals: again.flatMap(({ reversals }) => reversals),
    entries: undone.map(({ original, taken }) => undoneEntry(taken, original, input)),
  }
}

/** What takes back comes first: the invoice has no room for the loss before. */
function lostAgain(taken: Allocation, { recovered, today }: UndoInput): Omit<UndoPlan, 'entries'> {
  if (!recovered || taken.kind !== 'payment') return { allocations: [], reversals: [] }
  return {
    allocations: [lostAgainRow(taken, recovered.amount)],
    reversals: givenUpAgain(recovered.reversals, { sourceId: taken.id, bookedFrom: today }),
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
  undo: Pick<UndoInput, 'payment' | 'invoice' | 'today' | 'recovered'>,
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
  { payment, invoice, recovered }: Pick<UndoInput, 'payment' | 'invoice' | 'recovered'>,
): Posting[] {
  const { id: invoiceId, customerRef, contractRef } = invoice
  const dimensions = { customerRef, contractRef, invoiceId }
  if (kind === 'discount') return discountPostings(amount, -taxWithin(invoice, -amount), dimensions)
  if (kind === 'bank_fee') {
    return [debit('accounts_receivable', -amount, dimensions), credit('bank_fees', -amount, { customerRef })]
  }
  const applied = allocatedPostings(payment, -amount, invoice, recovered)
  return applied.map((posting) => ({ ...posting, amount: -posting.amount })).toReversed()
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
