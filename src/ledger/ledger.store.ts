import { and, asc, desc, eq, gt, inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { LocalDate } from '../kernel/calendar.ts'
import { cursorParts, type Page, type Paged, paged } from '../kernel/page.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { insertRows } from '../storage/db.store.ts'
import { type ClosedPeriods, inOpenPeriod } from './accounting-period.ts'
import { fitting } from './entry-filter.store.ts'
import type { EntryFilter } from './entry-filter.ts'
import type { JournalEntry } from './journal-entry.ts'
import { journalEntries, postings } from './ledger.schema.ts'
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
  { asOf, entityRef }: { asOf?: LocalDate | undefined; entityRef?: string | undefined } = {},
): Promise<AccountBalance[]> {
  const rows = await db
    .select({
      account: postings.account,
      currency: journalEntries.currency,
      // As text: a JavaScript number would lose digits of a sum beyond 2^53.
      net: sql<string>`CAST(SUM(${postings.amount}) AS TEXT)`,
    })
    .from(postings)
    .innerJoin(journalEntries, eq(journalEntries.id, postings.entryId))
    .where(
      and(
        asOf === undefined ? undefined : lte(journalEntries.postingDate, asOf),
        entityRef === undefined ? undefined : eq(journalEntries.entityRef, entityRef),
      ),
    )
    .groupBy(postings.account, journalEntries.currency)
  return rows.map((row) => ({ ...row, net: BigInt(row.net) }))
}

/** A journal entry as it was posted. */
export type PostedEntry = typeof journalEntries.$inferSelect & { postings: PostingRow[] }
type PostingRow = typeof postings.$inferSelect

/** Journal entries with all their postings, the latest posting date first. */
export async function listEntries(db: Db, query: Page & EntryFilter): Promise<Paged<PostedEntry>> {
  const rows = await db
    .select()
    .from(journalEntries)
    .where(and(fitting(query), after(query.cursor)))
    .orderBy(desc(journalEntries.postingDate), desc(journalEntries.recordedAt), desc(journalEntries.id))
    .limit(query.limit + 1)
  const page = paged(rows, query.limit, (row) => `${row.postingDate}~${row.recordedAt}~${row.id}`)
  const byEntry = await postingsOf(
    db,
    page.rows.map((row) => row.id),
  )
  return { ...page, rows: page.rows.map((row) => ({ ...row, postings: byEntry.get(row.id) ?? [] })) }
}

export type ExportQuery = {
  entityRef?: string | undefined
  currency?: string | undefined
  /** Numbers of entries: the file begins behind the one and ends with the other. */
  after: number
  through?: number | undefined
  limit: number
}

/**
 * Entries in the order in which they were posted. An entry's number is SQLite's rowid: entries are never deleted, so it
 * grows with every commit, and no later entry slips in before one that was read.
 */
export async function entriesInOrder(
  db: Db,
  { entityRef, currency, after, through, limit }: ExportQuery,
): Promise<(PostedEntry & { number: number })[]> {
  const number = sql<number>`rowid`
  const rows = await db
    .select({ entry: journalEntries, number })
    .from(journalEntries)
    .where(
      and(
        gt(number, after),
        through === undefined ? undefined : lte(number, through),
        entityRef === undefined ? undefined : eq(journalEntries.entityRef, entityRef),
        currency === undefined ? undefined : eq(journalEntries.currency, currency),
      ),
    )
    .orderBy(asc(number))
    .limit(limit)
  const ids = rows.map(({ entry }) => entry.id)
  const byEntry = await postingsOf(db, ids)
  return rows.map((row) => ({ ...row.entry, number: row.number, postings: byEntry.get(row.entry.id) ?? [] }))
}

const ENTRY_CURSOR = /^(\d{4}-\d{2}-\d{2})~(\d{1,15})~(.+)$/

function after(cursor: string | undefined): SQL | undefined {
  const parts = cursorParts(cursor, ENTRY_CURSOR)
  if (!parts) return undefined
  const [postingDate, recordedAt, id] = parts
  const { postingDate: date, recordedAt: at, id: key } = journalEntries
  return sql`(${date}, ${at}, ${key}) < (${postingDate}, ${Number(recordedAt)}, ${id})`
}

/** The postings of entries, in their order. */
export async function postingsOf(db: Db, entryIds: readonly string[]): Promise<Map<string, PostingRow[]>> {
  const rows = await db
    .select()
    .from(postings)
    .where(inArray(postings.entryId, sql`(SELECT value FROM json_each(${JSON.stringify(entryIds)}))`))
    .orderBy(asc(postings.entryId), asc(postings.lineNo))
  const byEntry = new Map<string, PostingRow[]>()
  for (const row of rows) byEntry.set(row.entryId, [...(byEntry.get(row.entryId) ?? []), row])
  return byEntry
}
