import type { Allocation } from '../invoicing/settlement.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import type { JournalEntry } from '../ledger/journal-entry.ts'
import type { Candidate } from './match.ts'

/** What of an invoice the entries of its settlement name. */
export type SettledInvoice = Pick<
  Candidate,
  'id' | 'number' | 'customerRef' | 'contractRef' | 'issueDate' | 'origin'
>

/** Who decides, when, and the day that it counts on in the books. */
export type Decided = { actor: string; now: number; date: LocalDate }

/** Rows of one decision, and the entries that go with them. */
export type Settled = { allocations: Allocation[]; entries: JournalEntry[] }

/** A part of an invoice that the seller lets go. */
export type LetGo = { invoiceId: string; amount: Minor }

/** Settles a part of an invoice that no money stands behind. */
export const lettingGo = (
  { invoiceId, amount }: LetGo,
  how: Pick<Allocation, 'id' | 'kind' | 'rule' | 'explanation'>,
  { actor, now }: Decided,
): Allocation => ({
  ...how,
  paymentId: null,
  grantId: null,
  creditNoteId: null,
  invoiceId,
  amount,
  reverses: null,
  actor,
  createdAt: now,
})
