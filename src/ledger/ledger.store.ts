import { and, asc, eq, gt, lte, sql } from 'drizzle-orm'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { insertRows } from '../storage/db.store.ts'
import { type ClosedPeriods, inOpenPeriod } from './accounting-period.ts'
import { measuredBefore } from './fx/pending.store.ts'
import type { JournalEntry } from './journal-entry.ts'
import { journalEntries, postings } from './ledger.schema.ts'
import { linesIn, type PostedEntry, type Reading, withLines } from './lines.store.ts'
import { bookedUpTo, LAST_DAY } from './month-ends/booked.store.ts'
import { booked } from './month-ends/month-ends.schema.ts'
import type { AccountBalance } from './trial-balance.ts'

/**
 * The statements that post entries, each in a period that is open to it. An entry that is there already fails the batch:
 * each is posted at most once. So does one whose period was closed after `closed` was read (`isPeriodClosed`).
 */
export function postEntries(db: Db, planned: readonly JournalEntry[], closed: ClosedPeriods): Statement[] {
  const entries = planned.map((entry) => inOpenPeriod(entry, closed))
  return [
    ...insertRows(db, journalEntries, entries),
    ...insertRows(
      db,
      postings,
      entries.flatMap((entry) =>
        entry.postings.map((posting, place) => ({ ...posting, entryId: entry.id, lineNo: place + 1 })),
      ),
    ),
  ]
}

/** The net of each account and currency over all entries with a posting date up to and including `asOf`. */
export async function trialBalance(
  db: Db,
  {
    asOf,
    entityRef,
    book,
    measure,
  }: { asOf?: LocalDate | undefined; entityRef?: string | undefined } & Reading = {},
): Promise<AccountBalance[]> {
  if (measure !== 'functional') return balancesOf(db, { asOf, entityRef, book })
  const { lines, currency } = linesIn(measure)
  const rows = await db
    .select({
      account: lines.account,
      currency: sql<string>`${currency}`,
      // As text: a JavaScript number would lose digits of a sum beyond 2^53.
      net: sql<string>`CAST(SUM(${lines.amount}) AS TEXT)`,
    })
    .from(lines)
    .innerJoin(journalEntries, eq(journalEntries.id, lines.entryId))
    .where(
      and(
        eq(journalEntries.book, book ?? 'primary'),
        asOf === undefined ? undefined : lte(journalEntries.postingDate, asOf),
        entityRef === undefined ? undefined : eq(journalEntries.entityRef, entityRef),
      ),
    )
    .groupBy(lines.account, currency)
  return rows.map((row) => ({ ...row, net: BigInt(row.net) }))
}

/** The same as posted, from the last month end that was counted on. */
async function balancesOf(
  db: Db,
  { asOf = LAST_DAY, entityRef, book = 'primary' }: Parameters<typeof trialBalance>[1] & object,
): Promise<AccountBalance[]> {
  const { account, currency, amount } = booked
  const entityRefs = entityRef === undefined ? undefined : [entityRef]
  const rows = await db
    .select({ account, currency, net: sql<string>`CAST(SUM(${amount}) AS TEXT)` })
    .from(bookedUpTo({ to: asOf, entityRefs }))
    .where(eq(booked.book, book))
    .groupBy(account, currency)
  return rows.map((row) => ({ ...row, net: BigInt(row.net) }))
}

export type ExportQuery = Reading & {
  entityRef?: string | undefined
  currency?: string | undefined
  /** Numbers of entries: the file begins behind the one and ends with the other. */
  after: number
  through?: number | undefined
  limit: number
}

/**
 * Entries in the order in which they were posted. An entry's number is SQLite's rowid: entries are never deleted, so it
 * grows with every commit, and no later entry slips in before one that was read. In the functional currency the order
 * ends before the first entry that waits for a rate.
 */
export async function entriesInOrder(
  db: Db,
  { entityRef, currency, after, through, limit, book = 'primary', measure }: ExportQuery,
): Promise<(PostedEntry & { number: number })[]> {
  const number = sql<number>`rowid`
  const rows = await db
    .select({ entry: journalEntries, number })
    .from(journalEntries)
    .where(
      and(
        gt(number, after),
        eq(journalEntries.book, book),
        through === undefined ? undefined : lte(number, through),
        entityRef === undefined ? undefined : eq(journalEntries.entityRef, entityRef),
        currency === undefined ? undefined : eq(journalEntries.currency, currency),
        measure === 'functional' ? measuredBefore(number, entityRef) : undefined,
      ),
    )
    .orderBy(asc(number))
    .limit(limit)
  return withLines(
    db,
    rows.map(({ entry, number }) => ({ ...entry, number })),
    measure,
  )
}
