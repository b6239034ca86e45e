import type { Instant } from '../kernel/calendar.ts'
import type { JournalEntry } from '../ledger/journal-entry.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { burnEntries, type PaidInvoice } from './credit-entry.ts'
import { creditsOfInvoice, insertMovements, setDueAt } from './credits.store.ts'
import type { Moved } from './movement.ts'
import { dueAfter, planReinstate } from './reinstate.ts'

/**
 * What voiding an invoice does to the credit that it used: statements of the batch that voids it, and the entries that go
 * with them. Two voids at once meet at the number of a movement.
 */
export async function reinstateCredit(
  db: Db,
  invoice: PaidInvoice,
  voided: { reason: string; actor: string; at: Instant },
): Promise<{ statements: Statement[]; entries: JournalEntry[] }> {
  const moved = planReinstate(await creditsOfInvoice(db, invoice.id), { ...voided, invoiceId: invoice.id })
  return {
    statements: insertReinstated(db, moved, voided.at),
    entries: moved.flatMap((each) => burnEntries(each, invoice)),
  }
}

/** The statements that give credit back; a grant that would have lapsed by now is looked at once more. */
export const insertReinstated = (db: Db, moved: readonly Moved[], at: Instant): Statement[] => [
  ...insertMovements(db, moved),
  ...moved.map(({ state }) => setDueAt(db, state.grant.ref, dueAfter(state, at))),
]
