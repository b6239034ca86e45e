import { conflict } from '../../kernel/problem.ts'
import { commit, type Db, isUniqueViolation } from '../../storage/db.store.ts'
import { postEntries } from '../ledger.store.ts'
import { closedPeriods, isPeriodClosed } from '../periods.store.ts'
import { type Closing, planClosings } from './closing.store.ts'
import { measureWaiting } from './measure.job.ts'
import { writeMeasured } from './measurement.store.ts'

/**
 * Takes the open foreign balances of a month to its closing rate: measures what waits, then remeasures. Repeated, it
 * posts only what has come since. Books whose rate is not known stay as they are, and are among the answer without one.
 */
export async function remeasureBooks(
  db: Db,
  now: number,
  month: string,
  entityRefs: readonly string[],
): Promise<Closing[]> {
  await measureWaiting(db, now, entityRefs)
  const closings = await planClosings(db, now, month, entityRefs)
  for (const closing of closings) await post(db, now, closing)
  return closings
}

async function post(db: Db, now: number, { books, rate, entries }: Closing): Promise<void> {
  const posted = entries.map(({ entry }) => entry)
  const measured = entries.map(({ entry, lines }) => ({ entryId: entry.id, lines, rate }))
  const closed = await closedPeriods(db, [books.entityRef])
  try {
    await commit(db, [...postEntries(db, posted, closed), ...writeMeasured(db, books, measured, now)])
  } catch (error) {
    if (!isUniqueViolation(error) && !isPeriodClosed(error)) throw error
    throw conflict('closed_meanwhile', `Somebody else closes this month of "${books.entityRef}"; try again.`)
  }
}
