import { type Actor, audit } from '../../access/access.store.ts'
import { localDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { conflict, notFound } from '../../kernel/problem.ts'
import { commit, type Db, isUniqueViolation, type Statement } from '../../storage/db.store.ts'
import { lastDayOf, refuseRunning } from '../accounting-period.ts'
import { postEntries } from '../ledger.store.ts'
import { bookkeepers, closedPeriods, isPeriodClosed, periodsOf } from '../periods.store.ts'
import { measureWaiting, readRates } from './measure.job.ts'
import { type ForeignBooks, writeMeasured } from './measurement.store.ts'
import { type AppliedRate, rateOn } from './rate.ts'
import { openBalances, runsBefore } from './remeasurement.store.ts'
import { type OpenBalance, type RemeasurementEntry, remeasure } from './remeasurement.ts'

/** What the closing rate of a month did to the open balances of some books; `rate` is undefined where it is not known. */
export type ClosingResult = {
  books: ForeignBooks
  rate: AppliedRate | undefined
  /** Of this run, minor units of the functional currency; a loss is negative. */
  gain: Minor
}

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
): Promise<ClosingResult[]> {
  const entities = await bookkeepers(db, entityRef)
  if (entityRef !== undefined && entities.length === 0) throw notFound('entity', entityRef)
  for (const { ref, timezone } of entities) refuseRunning(ref, month, localDate(actor.now, timezone))
  const refs = entities.map(({ ref }) => ref)
  for (const period of (await periodsOf(db, month, refs)).values()) {
    if (period.status === 'locked') throw locked(period.entityRef, month)
  }
  await measureWaiting(db, actor.now, refs)
  const results = await remeasureBooks(db, actor.now, month, refs)
  const missing = results.find(({ rate }) => !rate)
  if (missing) throw rateMissing(missing.books, month)
  await commit(db, audit(db, actor, { action: 'period.remeasure', subject: `${entityRef ?? '*'} ${month}` }))
  return results
}

/** The same without a word about rates that are not known: those books stay as they are. */
export async function remeasureBooks(
  db: Db,
  now: number,
  month: string,
  entityRefs: readonly string[],
): Promise<ClosingResult[]> {
  const balances = await openBalances(db, lastDayOf(month), entityRefs)
  const byBooks = Map.groupBy(balances, ({ entityRef, book, currency }) =>
    [entityRef, book, currency].join('\n'),
  )
  const results: ClosingResult[] = []
  for (const group of byBooks.values()) results.push(await closeBooks(db, now, month, group))
  return results
}

async function closeBooks(
  db: Db,
  now: number,
  month: string,
  balances: readonly (ForeignBooks & OpenBalance)[],
): Promise<ClosingResult> {
  const books = balances[0]!
  const monthEnd = lastDayOf(month)
  const rates = await readRates(db, books, [monthEnd])
  const question = { from: books.currency, to: books.functionalCurrency, date: monthEnd }
  const rate = rateOn(rates, question)
  if (!rate) return { books, rate, gain: 0n }
  const run = (await runsBefore(db, books, monthEnd)) + 1
  const { entityRef, book, currency } = books
  const entries = remeasure(balances, rate, books, {
    entityRef,
    book,
    currency,
    monthEnd,
    run,
    recordedAt: now,
  })
  try {
    await commit(db, await statementsOf(db, books, entries, rate, now))
  } catch (error) {
    if (!isUniqueViolation(error) && !isPeriodClosed(error)) throw error
    throw conflict(
      'remeasured_meanwhile',
      `Somebody else closes ${month} of "${entityRef}" just now; try again.`,
    )
  }
  return { books, rate, gain: gainOf(entries) }
}

async function statementsOf(
  db: Db,
  books: ForeignBooks,
  entries: readonly RemeasurementEntry[],
  rate: AppliedRate,
  now: number,
): Promise<Statement[]> {
  const closed = await closedPeriods(db, [books.entityRef])
  const measured = entries.map(({ entry, lines }) => ({ entryId: entry.id, lines, rate }))
  return [
    ...postEntries(
      db,
      entries.map(({ entry }) => entry),
      closed,
    ),
    ...writeMeasured(db, books, measured, now),
  ]
}

const gainOf = ([remeasurement]: readonly RemeasurementEntry[]): Minor =>
  -sum(
    (remeasurement?.lines ?? [])
      .filter(({ account }) => account === 'fx_gain_loss')
      .map(({ functionalAmount }) => functionalAmount),
  )

const locked = (entityRef: string, month: string) =>
  conflict('period_locked', `The month ${month} of "${entityRef}" is locked; unlock it first, with a reason.`)

const rateMissing = ({ currency, functionalCurrency, fxSource }: ForeignBooks, month: string) =>
  conflict(
    'fx_rate_missing',
    `There is no rate from ${currency} to ${functionalCurrency} of "${fxSource}" for ${lastDayOf(month)}, nor for the 7 days before. Import it with POST /api/fx-rates.`,
  )
