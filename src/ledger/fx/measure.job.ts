import type { Env } from '../../env.ts'
import { logError } from '../../log.ts'
import { commit, type Db, isRefusedBy, isUniqueViolation, openDb } from '../../storage/db.store.ts'
import { dayOf, type ForeignEntry } from './functional-line.ts'
import { type Books, firstDayOf, measureInOrder } from './measure-plan.ts'
import {
  entriesToMeasure,
  type ForeignBooks,
  functionalLines,
  openItems,
  waitingBooks,
  writeMeasured,
} from './measurement.store.ts'
import { itemsFor } from './pool.ts'
import { groupsBefore } from './position-group.ts'
import { joiningsOf } from './position-groups.store.ts'
import { rateBookOf } from './rate.ts'
import { ratesInUse } from './rates-in-use.store.ts'

/** Entries measured in one commit, and commits for one set of books in one run; what is left waits for the next run. */
const PAGE_ENTRIES = 200
const PAGES_MAX = 20

/** Completes what waits for its functional amounts, as far as rates are known. */
export const measureForeignEntries = (env: Env, now: number): Promise<void> =>
  measureWaiting(openDb(env.DB), now)

/** The same for some entities. What fails goes on waiting, and never stops the books of others. */
export async function measureWaiting(db: Db, now: number, entityRefs?: readonly string[]): Promise<void> {
  for (const books of await waitingBooks(db, entityRefs)) {
    try {
      await measureBooks(db, books, now)
    } catch (error) {
      logError(error, { job: 'measureWaiting', entity: books.entityRef, currency: books.currency })
    }
  }
}

async function measureBooks(db: Db, books: ForeignBooks, now: number): Promise<void> {
  for (let page = 0; page < PAGES_MAX; page++) {
    // The first by itself: where it waits for its rate, all others do, and none of them is read with each tick.
    const limit = page === 0 ? 1 : PAGE_ENTRIES
    const entries = await entriesToMeasure(db, books, limit)
    const measured = entries.length === 0 ? [] : measureInOrder(entries, await readBooks(db, books, entries))
    try {
      await commit(db, writeMeasured(db, books, measured, now))
    } catch (error) {
      // Another run was faster: what it left is read again.
      if (!isUniqueViolation(error) && !isRefusedBy(error, 'entry is measured')) throw error
      continue
    }
    if (measured.length < limit) return
  }
}

async function readBooks(
  db: Db,
  books: ForeignBooks,
  entries: readonly (ForeignEntry & { number: number })[],
): Promise<Books> {
  const [rates, joinings, reversed] = await Promise.all([
    ratesInUse(db, books, entries.map(dayOf)),
    joiningsOf(db, entries),
    functionalLines(
      db,
      entries.flatMap(({ reverses }) => reverses ?? []),
    ),
  ])
  const holdings = await openItems(db, itemsFor(entries, joinings), firstDayOf(entries))
  const groups = groupsBefore(joinings, entries[0]?.number)
  return { ...books, rates: rateBookOf(rates), holdings, groups, joinings, reversed }
}
