import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import { type Db, inList, insertRows, type Statement } from '../../storage/db.store.ts'
import type { Book } from '../journal-entry.ts'
import { journalEntries } from '../ledger.schema.ts'
import { withLines } from '../lines.store.ts'
import { functionalCurrency } from './functional-currency.store.ts'
import type { ForeignEntry, FunctionalCurrency, FunctionalLine } from './functional-line.ts'
import { functionalAmounts, measurements, unmeasuredEntries } from './fx.schema.ts'
import { type MeasuredEntry, shownRate } from './measure-plan.ts'
import type { Balance } from './measurement.ts'

/** One entity's entries in one currency that is not the functional one. */
export type ForeignBooks = FunctionalCurrency & {
  entityRef: string
  book: Book
  currency: string
  fxSource: string
}

/** The books in which entries wait to be measured. */
export const waitingBooks = (db: Db, entityRefs?: readonly string[]): Promise<ForeignBooks[]> => {
  const { book, currency } = unmeasuredEntries
  return db
    .selectDistinct({
      entityRef: unmeasuredEntries.entityRef,
      book,
      currency,
      functionalCurrency,
      rounding: legalEntities.rounding,
      fxSource: legalEntities.fxSource,
    })
    .from(unmeasuredEntries)
    .innerJoin(legalEntities, eq(legalEntities.ref, unmeasuredEntries.entityRef))
    .where(entityRefs && inList(unmeasuredEntries.entityRef, entityRefs))
}

/** The entries of these books that wait, in the order they were posted. */
export async function entriesToMeasure(
  db: Db,
  { entityRef, book, currency }: ForeignBooks,
  limit: number,
): Promise<ForeignEntry[]> {
  const rows = await db
    .select({ entry: journalEntries })
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
    rows.map(({ entry }) => entry),
  )
}

/** Open items in both currencies; those that nothing has moved are left out. */
export async function openItems(db: Db, items: readonly string[]): Promise<Map<string, Balance>> {
  const { item } = functionalAmounts
  const rows = await db
    .select({ item, ...balance })
    .from(functionalAmounts)
    .where(inList(item, items))
    .groupBy(item)
  return new Map(rows.map((row) => [row.item ?? '', balanceOf(row)]))
}

/** Items, and an entry that moves them. */
export type ItemsBefore = { entry: string; items: readonly string[] }

/** The same as it was when entries were measured, by entry: one read for all of them. */
export async function openItemsBefore(
  db: Db,
  asked: readonly ItemsBefore[],
): Promise<Map<string, Map<string, Balance>>> {
  const pairs = asked.flatMap(({ entry, items }) => items.map((item) => ({ entry, item })))
  const entry = sql<string>`json_extract(asked.value, '$.entry')`
  const { item } = functionalAmounts
  const rows = await db
    .select({ entry, item, ...balance })
    .from(sql`json_each(${JSON.stringify(pairs)}) AS asked`)
    .innerJoin(functionalAmounts, eq(item, sql`json_extract(asked.value, '$.item')`))
    .where(measuredBefore(entry))
    .groupBy(sql`asked.key`)
  return new Map(
    [...Map.groupBy(rows, (row) => row.entry)].map(([before, own]) => [
      before,
      new Map(own.map((row) => [row.item ?? '', balanceOf(row)])),
    ]),
  )
}

/** As text: a JavaScript number would lose digits beyond 2^53. */
const balance = {
  amount: sql<string>`CAST(SUM(${functionalAmounts.amount}) AS TEXT)`,
  functional: sql<string>`CAST(SUM(${functionalAmounts.functionalAmount}) AS TEXT)`,
}

const balanceOf = (row: { amount: string; functional: string }): Balance => ({
  amount: BigInt(row.amount),
  functional: BigInt(row.functional),
})

/** Lines are numbered by SQLite as they are written, and are never deleted. */
export const measuredBefore = (entry: string | SQL): SQL =>
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
