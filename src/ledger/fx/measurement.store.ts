import { and, asc, eq, gte, lte, or, type SQL, sql } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import type { Instant, LocalDate } from '../../kernel/calendar.ts'
import { type Db, inList, insertRows, type Statement } from '../../storage/db.store.ts'
import type { Book } from '../journal-entry.ts'
import { journalEntries } from '../ledger.schema.ts'
import { withLines } from '../lines.store.ts'
import { functionalCurrency } from './functional-currency.store.ts'
import type { ForeignEntry, FunctionalCurrency, FunctionalLine } from './functional-line.ts'
import { functionalAmounts, fxRates, measurements, unmeasuredEntries } from './fx.schema.ts'
import { type MeasuredEntry, shownRate } from './measure-plan.ts'
import type { Balance } from './measurement.ts'
import { oldestInUse, type RateBook, rateBookOf } from './rate.ts'

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

/** Open items in both currencies, as of when an entry was measured; those that nothing has moved are left out. */
export async function openItems(
  db: Db,
  items: readonly string[],
  before?: string,
): Promise<Map<string, Balance>> {
  const { item, amount, functionalAmount } = functionalAmounts
  const rows = await db
    .select({
      item,
      amount: sql<string>`CAST(SUM(${amount}) AS TEXT)`,
      functional: sql<string>`CAST(SUM(${functionalAmount}) AS TEXT)`,
    })
    .from(functionalAmounts)
    .where(and(inList(item, items), before === undefined ? undefined : measuredBefore(before)))
    .groupBy(item)
  return new Map(
    rows.map((row) => [row.item ?? '', { amount: BigInt(row.amount), functional: BigInt(row.functional) }]),
  )
}

/** Lines are numbered by SQLite as they are written, and are never deleted. */
export const measuredBefore = (entry: string): SQL =>
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

/** When an entry was measured, and the day of the rate that was used: imported by the time that the run came to it. */
export type UsedRate = { measuredAt: Instant; rateDate: LocalDate | null }

/**
 * What is published for these days, and may be in use on them: of pairs with one of the two currencies, which is enough to
 * cross any third one. With `used`, as they were known to a measurement.
 */
export async function readRates(
  db: Db,
  { fxSource, currency, functionalCurrency }: ForeignBooks,
  days: readonly LocalDate[],
  used?: UsedRate,
): Promise<RateBook> {
  const [first = '', ...others] = [...days].sort()
  const { source, base, quote, date, rate } = fxRates
  const pair = [currency, functionalCurrency]
  const rates = await db
    .select({ base, quote, date, rate })
    .from(fxRates)
    .where(
      and(
        eq(source, fxSource),
        gte(date, oldestInUse(first)),
        lte(date, others.at(-1) ?? first),
        or(inList(base, pair), inList(quote, pair)),
        used && or(lte(fxRates.importedAt, used.measuredAt), lte(date, used.rateDate ?? '')),
      ),
    )
  return rateBookOf(rates)
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
