import { type Minor, sum } from '../../kernel/money.ts'
import type { Db } from '../../storage/db.store.ts'
import { lastDayOf } from '../accounting-period.ts'
import type { ForeignBooks } from './measurement.store.ts'
import { groupsBefore, type PositionGroups } from './position-group.ts'
import { joiningsIn } from './position-groups.store.ts'
import { type AppliedRate, rateBookOf, rateOn } from './rate.ts'
import { ratesInUse } from './rates-in-use.store.ts'
import { openBalances, runsBefore } from './remeasurement.store.ts'
import { type OpenBalance, positionsAsOne, type RemeasurementEntry, remeasure } from './remeasurement.ts'

/** What takes the open balances of some books to the closing rate of a month; `rate` is undefined while not known. */
export type Closing = { books: ForeignBooks; rate: AppliedRate | undefined; entries: RemeasurementEntry[] }

/** For each entity and currency with anything open at the end of a month, what is still to be posted there. */
export async function planClosings(
  db: Db,
  now: number,
  month: string,
  entityRefs: readonly string[],
): Promise<Closing[]> {
  const [balances, joinings] = await Promise.all([
    openBalances(db, lastDayOf(month), entityRefs),
    joiningsIn(db, entityRefs),
  ])
  const groups = groupsBefore(joinings)
  const byBooks = Map.groupBy(balances, ({ entityRef, book, currency }) =>
    [entityRef, book, currency].join('\n'),
  )
  const closings: Closing[] = []
  for (const group of byBooks.values()) closings.push(await planClosing(db, now, month, group, groups))
  return closings
}

async function planClosing(
  db: Db,
  now: number,
  month: string,
  balances: readonly (ForeignBooks & OpenBalance)[],
  groups: PositionGroups,
): Promise<Closing> {
  const books = balances[0]!
  const { entityRef, book, currency } = books
  const monthEnd = lastDayOf(month)
  const rates = rateBookOf(await ratesInUse(db, books, [monthEnd]))
  const rate = rateOn(rates, { from: currency, to: books.functionalCurrency, date: monthEnd })
  if (!rate) return { books, rate, entries: [] }
  const run = (await runsBefore(db, books, monthEnd)) + 1
  const of = { entityRef, book, currency, monthEnd, run, recordedAt: now }
  return { books, rate, entries: remeasure(positionsAsOne(balances, groups), rate, books, of) }
}

/** The gain that a closing brings to its month, minor units of the functional currency; a loss is negative. */
export const gainOf = ({ entries: [remeasurement] }: Closing): Minor =>
  -sum(
    (remeasurement?.lines ?? [])
      .filter(({ account }) => account === 'fx_gain_loss')
      .map(({ functionalAmount }) => functionalAmount),
  )

/** Books whose open balances are not at the closing rate of a month: an item of the close checklist. */
export async function remeasurementsDue(
  db: Db,
  { now, month, entityRefs }: { now: number; month: string; entityRefs: readonly string[] },
): Promise<{ entityRef: string; currency: string; isRateKnown: boolean }[]> {
  const closings = await planClosings(db, now, month, entityRefs)
  return closings
    .filter(({ books, rate, entries }) => books.book === 'primary' && (!rate || entries.length > 0))
    .map(({ books: { entityRef, currency }, rate }) => ({
      entityRef,
      currency,
      isRateKnown: rate !== undefined,
    }))
}
