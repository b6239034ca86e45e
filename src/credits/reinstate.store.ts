import type { Instant } from '../kernel/calendar.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { creditsOfInvoice, insertMovements, setDueAt } from './credits.store.ts'
import type { Moved } from './movement.ts'
import { dueAfter, planReinstate } from './reinstate.ts'

/** What voiding an invoice gives back of the credit that it used. Two voids at once meet at the number of a movement. */
export const creditGivenBack = async (
  db: Db,
  invoiceId: string,
  voided: { reason: string; actor: string; at: Instant },
): Promise<Moved[]> => planReinstate(await creditsOfInvoice(db, invoiceId), { ...voided, invoiceId })

/** The statements that give credit back; a grant that would have lapsed by now is looked at once more. */
export const insertReinstated = (db: Db, moved: readonly Moved[], at: Instant): Statement[] => [
  ...insertMovements(db, moved),
  ...moved.map(({ state }) => setDueAt(db, state.grant.ref, dueAfter(state, at))),
]
