import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import type { ClosedPeriods } from '../ledger/accounting-period.ts'
import { postEntries } from '../ledger/ledger.store.ts'
import { closedPeriods, isPeriodClosed } from '../ledger/periods.store.ts'
import { commit, type Db, isUniqueViolation, openDb, type Statement } from '../storage/db.store.ts'
import { expiredEntries } from './credit-entry.ts'
import { dueCredits, insertGrants, insertMovements, setDueAt } from './credits.store.ts'
import { planDue } from './lapse.ts'
import type { GrantState } from './movement.ts'

/** Grants of one commit, and commits of one run; what is left over waits for the next run. */
const PAGE = 50
const PAGES_MAX = 100

/**
 * Lets series of grants go on and leftovers lapse, each grant in one piece: its successor, its movements, their entries
 * and its next date are in one batch. A page that meets an invoice using the same credit, or a month that is closed
 * meanwhile, is dropped whole and read again.
 */
export async function lapseCredits(env: Env, now: Instant): Promise<void> {
  const db = openDb(env.DB)
  for (let page = 0; page < PAGES_MAX; page++) {
    const due = await dueCredits(db, now, PAGE)
    if (due.length === 0) return
    const closed = await closedPeriods(db, [...new Set(due.map(({ grant }) => grant.entityRef))])
    try {
      await commit(
        db,
        due.flatMap((state) => dueStatements(db, state, closed, now)),
      )
    } catch (error) {
      if (!isUniqueViolation(error) && !isPeriodClosed(error)) throw error
    }
  }
}

function dueStatements(db: Db, state: GrantState, closed: ClosedPeriods, now: Instant): Statement[] {
  const { grants, moved, dueAt } = planDue(state, now)
  return [
    ...insertGrants(db, grants, { ignoreExisting: true }),
    ...insertMovements(db, moved),
    ...postEntries(db, moved.flatMap(expiredEntries), closed),
    setDueAt(db, state.grant.ref, dueAt),
  ]
}
