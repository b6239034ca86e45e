import { type Actor, audit } from '../../access/access.store.ts'
import { localDate } from '../../kernel/calendar.ts'
import { conflict, notFound } from '../../kernel/problem.ts'
import { commit, type Db, isUniqueViolation } from '../../storage/db.store.ts'
import { lastDayOf, refuseRunning } from '../accounting-period.ts'
import { postEntries } from '../ledger.store.ts'
import { bookkeepers, closedPeriods, isPeriodClosed, periodsOf } from '../periods.store.ts'
import { type Closing, planClosings } from './closing.store.ts'
import { measureWaiting } from './measure.job.ts'
import { type ForeignBooks, writeMeasured } from './measurement.store.ts'

/**
 * Takes the open foreign balances of a month to its closing rate, for one entity or for all: measures what waits, then
 * remeasures. Repeated, it posts only what has come since.
 *
 * @throws Problem 404 for an unknown entity; 409 `period_not_over` for a month that still runs, `period_locked` for one
 * that takes no more entries, `fx_rate_missing` where the closing rate is not known
 */
export async function remeasureMonth(
  db: Db,
  actor: Actor,
  { month, entityRef }: { month: string; entityRef?: string | undefined },
): Promise<Closing[]> {
  const entities = await bookkeepers(db, entityRef)
  if (entityRef !== undefined && entities.length === 0) throw notFound('entity', entityRef)
  for (const { ref, timezone } of entities) refuseRunning(ref, month, localDate(actor.now, timezone))
  const refs = entities.map(({ ref }) => ref)
  for (const period of (await periodsOf(db, month, refs)).values()) {
    if (period.status === 'locked') throw locked(period.entityRef, month)
  }
  await measureWaiting(db, actor.now, refs)
  const closings = await planClosings(db, actor.now, month, refs)
  const missing = closings.find(({ rate }) => !rate)
  if (missing) throw rateMissing(missing.books, month)
  for (const closing of closings) await post(db, actor.now, closing)
  await commit(db, audit(db, actor, { action: 'period.remeasure', subject: `${entityRef ?? '*'} ${month}` }))
  return closings
}

/** The same without a word about rates that are not known: those books stay as they are. */
export async function remeasureBooks(
  db: Db,
  now: number,
  month: string,
  entityRefs: readonly string[],
): Promise<void> {
  for (const closing of await planClosings(db, now, month, entityRefs)) await post(db, now, closing)
}

async function post(db: Db, now: number, { books, rate, entries }: Closing): Promise<void> {
  const posted = entries.map(({ entry }) => entry)
  const measured = entries.map(({ entry, lines }) => ({ entryId: entry.id, lines, rate }))
  const closed = await closedPeriods(db, [books.entityRef])
  try {
    await commit(db, [...postEntries(db, posted, closed), ...writeMeasured(db, books, measured, now)])
  } catch (error) {
    if (!isUniqueViolation(error) && !isPeriodClosed(error)) throw error
    throw conflict(
      'remeasured_meanwhile',
      `Somebody else closes this month of "${books.entityRef}"; try again.`,
    )
  }
}

const locked = (entityRef: string, month: string) =>
  conflict('period_locked', `The month ${month} of "${entityRef}" is locked; unlock it first, with a reason.`)

const rateMissing = ({ currency, functionalCurrency, fxSource }: ForeignBooks, month: string) =>
  conflict(
    'fx_rate_missing',
    `There is no rate from ${currency} to ${functionalCurrency} of "${fxSource}" for ${lastDayOf(month)}, nor for the 7 days before. Import it with POST /api/fx-rates.`,
  )
