import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { type Db, inList, insertRows, type Statement } from '../../storage/db.store.ts'
import type { Book } from '../journal-entry.ts'
import { journalEntries } from '../ledger.schema.ts'
import { withLines } from '../lines.store.ts'
import { functionalCurrency } from './functional-currency.store.ts'
import type { ForeignEntry, FunctionalCurrency, FunctionalLine } from './functional-line.ts'
import { functionalAmounts, measurements, unmeasuredEntries } from './fx.schema.ts'
import { type Holding, moved, NO_HOLDING } from './holding.ts'
import { type MeasuredEntry, shownRate } from './measure-plan.ts'

/** One entity's entries in one currency that is not the functional one. */
export type ForeignBooks = FunctionalCurrency & {
  entityRef: string
  book: Book
  currency: string
  fxSource: string
}

/** The books in which entries wait to be measured. */
export const waitingBooks = (db: Db, entityRefs?: readonly string[]): Promise<ForeignBooks[]> =>
  db
    .select({
      entityRef: legalEntities.ref,
      book: sql<Book>`json_extract(waiting.books, '$[2]')`,
      currency: sql<string>`json_extract(waiting.books, '$[1]')`,
      functionalCurrency,
      rounding: legalEntities.rounding,
      fxSource: legalEntities.fxSource,
    })
    .from(sql`(${WAITING}) AS waiting`)
    .innerJoin(legalEntities, eq(legalEntities.ref, sql`json_extract(waiting.books, '$[0]')`))
    .where(entityRefs && inList(legalEntities.ref, entityRefs))

/** From one set of books to the next in the index, however many entries wait in each. */
const WAITING = sql`
  WITH RECURSIVE waiting(books) AS (
    SELECT (SELECT json_array(entity_ref, currency, book) FROM unmeasured_entries
      ORDER BY entity_ref, currency, book LIMIT 1)
    UNION ALL
    SELECT (SELECT json_array(entity_ref, currency, book) FROM unmeasured_entries
      WHERE (entity_ref, currency, book) >
        (json_extract(books, '$[0]'), json_extract(books, '$[1]'), json_extract(books, '$[2]'))
      ORDER BY entity_ref, currency, book LIMIT 1)
    FROM waiting WHERE books IS NOT NULL)
  SELECT books FROM waiting WHERE books IS NOT NULL`

/** The entries of these books that wait, in the order they were posted, with the numbers that they have in the journal. */
export async function entriesToMeasure(
  db: Db,
  { entityRef, book, currency }: ForeignBooks,
  limit: number,
): Promise<(ForeignEntry & { number: number })[]> {
  const rows = await db
    .select({ entry: journalEntries, number: sql<number>`journal_entries.rowid` })
    .from(unmeasuredEntries)
    .innerJoin(journalEntries, eq(journalEntries.id, unmeasuredEntries.entryId))
    .where(
      and(
        eq(unmeasuredEntries.entityRef, entityRef),
        eq(unmeasuredEntries.currency, currency),
        eq(unmeasuredEntries.book, book),
      ),
    )
    .orderBy(asc(sql`${unmeasuredEntries}.rowid`))
    .limit(limit)
  return withLines(
    db,
    rows.map(({ entry, number }) => ({ ...entry, number })),
  )
}

/** Open items, and what moved them after a day; those that nothing has moved are left out. */
export async function openItems(
  db: Db,
  items: readonly string[],
  after: LocalDate,
): Promise<Map<string, Holding>> {
  const { item } = functionalAmounts
  const rows = await db
    .select({ item, ...movesAfter(sql`${after}`) })
    .from(functionalAmounts)
    .where(inList(item, items))
    .groupBy(item, sql`2`, side)
  return holdingsOf(rows)
}

/** Items, an entry that moves them, and the day from which their moves count one by one. */
export type ItemsBefore = { entry: string; items: readonly string[]; after: LocalDate }

/** The same as it was when entries were measured, by entry: one read for all of them. */
export async function openItemsBefore(
  db: Db,
  asked: readonly ItemsBefore[],
): Promise<Map<string, Map<string, Holding>>> {
  const pairs = asked.flatMap(({ items, ...of }) => items.map((item) => ({ ...of, item })))
  const entry = sql<string>`json_extract(asked.value, '$.entry')`
  const { item } = functionalAmounts
  const rows = await db
    .select({ entry, item, ...movesAfter(sql`json_extract(asked.value, '$.after')`) })
    .from(sql`json_each(${JSON.stringify(pairs)}) AS asked`)
    .innerJoin(functionalAmounts, eq(item, sql`json_extract(asked.value, '$.item')`))
    .where(measuredBefore(entry))
    .groupBy(sql`asked.key`, sql`3`, side)
  return new Map([...Map.groupBy(rows, (row) => row.entry)].map(([before, own]) => [before, holdingsOf(own)]))
}

/** Debits, credits, and moves of no amount, which have a meaning of their own. */
const side = sql`(${functionalAmounts.amount} > 0) - (${functionalAmounts.amount} < 0)`

/** Sums as text: a JavaScript number would lose digits beyond 2^53. What came up to the day is one row without a day. */
const movesAfter = (after: SQL) => ({
  day: sql<string | null>`IIF(${functionalAmounts.day} > ${after}, ${functionalAmounts.day}, NULL)`,
  amount: sql<string>`CAST(SUM(${functionalAmounts.amount}) AS TEXT)`,
  functional: sql<string>`CAST(SUM(${functionalAmounts.functionalAmount}) AS TEXT)`,
})

type MovedRow = { item: string | null; day: string | null; amount: string; functional: string }

const holdingsOf = (rows: readonly MovedRow[]): Map<string, Holding> =>
  new Map(
    [...Map.groupBy(rows, ({ item }) => item ?? '')].map(([item, own]) => [
      item,
      own.reduce(
        (holding, { day, amount, functional }) =>
          moved(holding, { amount: BigInt(amount), functional: BigInt(functional) }, day),
        NO_HOLDING,
      ),
    ]),
  )

/** Lines are numbered by SQLite as they are written, and are never deleted. */
const measuredBefore = (entry: string | SQL): SQL =>
  sql`functional_amounts.rowid < (SELECT MIN(rowid) FROM functional_amounts WHERE entry_id = ${entry})`

/** The functional lines of entries, in their order. */
export async function functionalLines(
  db: Db,
  entryIds: readonly string[],
): Promise<Map<string, FunctionalLine[]>> {
  const { entryId, lineNo } = functionalAmounts
  const rows = await db
    .select()
    .from(functionalAmounts)
    .where(inList(entryId, entryIds))
    .orderBy(asc(entryId), asc(lineNo))
  return Map.groupBy(rows, (row) => row.entryId)
}

/** The statements that complete entries. An entry that is measured already fails the batch. */
export const writeMeasured = (
  db: Db,
  books: ForeignBooks,
  measured: readonly MeasuredEntry[],
  now: number,
): Statement[] => [
  ...insertRows(
    db,
    functionalAmounts,
    measured.flatMap(({ entryId, lines }) => lines.map((line) => ({ ...line, entryId }))),
  ),
  ...insertRows(
    db,
    measurements,
    measured.map(({ entryId, rate }) => ({
      entryId,
      currency: books.functionalCurrency,
      rate: rate ? shownRate(rate) : null,
      rateDate: rate?.date ?? null,
      rateSource: rate ? books.fxSource : null,
      measuredAt: now,
    })),
  ),
]
