import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { cursorParts, type Page, type Paged, paged } from '../kernel/page.ts'
import type { Db } from '../storage/db.store.ts'
import { ofEntries, touched } from './entry-filter.store.ts'
import type { EntryFilter } from './entry-filter.ts'
import { journalEntries, postings } from './ledger.schema.ts'
import { linesIn, type PostedEntry, type Reading, withLines } from './lines.store.ts'

type ListQuery = Page & EntryFilter & Pick<Reading, 'measure'>

/** SQLite's rowid: it grows with every entry that is posted. */
const number = sql<number>`journal_entries.rowid`

/** Journal entries with all their postings, the latest posting date first, and of a day the last that was posted. */
export async function listEntries(db: Db, query: ListQuery): Promise<Paged<PostedEntry>> {
  const entries = db.select({ entry: journalEntries, number })
  const found = await foundBy(db, query)
  const rows = await (found
    ? entries.from(sql`${found} AS found`).crossJoin(journalEntries)
    : entries.from(journalEntries)
  )
    .where(
      and(
        found && eq(journalEntries.id, sql`found.entry_id`),
        ofEntries(query),
        touching(query),
        after(query.cursor),
      ),
    )
    .orderBy(desc(journalEntries.postingDate), desc(number))
    .limit(query.limit + 1)
  const page = paged(rows, query.limit, ({ entry, number }) => `${entry.postingDate}~${number}`)
  const shown = page.rows.map(({ entry }) => entry)
  return { ...page, rows: await withLines(db, shown, query.measure) }
}

/**
 * What is found by an index of its own, and put in order then. All else is read in the order of the list until a page is
 * full, which is soon where much fits: an account or an event counts as rare up to so many.
 */
const RARE_MAX = 1_000

async function foundBy(db: Db, query: ListQuery): Promise<SQL | undefined> {
  const { entryId, sourceId, schedule, account, event } = query
  const entries = sql`(SELECT id AS entry_id FROM ${journalEntries} WHERE ${ofEntries(query)})`
  if (entryId || sourceId || schedule) return entries
  const lines = sql`(SELECT DISTINCT entry_id FROM ${linesIn(query.measure).lines} AS postings
    WHERE ${touched(query)})`
  if (query.invoiceId || query.contractRef || query.customerRef) return lines
  if (account && (await areFew(db, sql`${postings} WHERE account = ${account}`))) return lines
  if (event && (await areFew(db, sql`${journalEntries} WHERE event = ${event}`)))
    return sql`(SELECT id AS entry_id FROM ${journalEntries} WHERE event = ${event})`
  return undefined
}

/** True of an account or an event that is rare: `rows` is its table, and what is asked of it. */
export async function areFew(db: Db, rows: SQL): Promise<boolean> {
  const { count } = await db.get<{ count: number }>(
    sql`SELECT COUNT(*) AS count FROM (SELECT 1 FROM ${rows} LIMIT ${RARE_MAX + 1})`,
  )
  return count <= RARE_MAX
}

/** True for entries of which one posting fits all that is asked of postings. */
function touching(query: ListQuery): SQL | undefined {
  const asked = touched(query)
  return (
    asked &&
    sql`EXISTS (SELECT 1 FROM ${linesIn(query.measure).lines} AS postings
      WHERE postings.entry_id = ${journalEntries.id} AND ${asked})`
  )
}

const ENTRY_CURSOR = /^(\d{4}-\d{2}-\d{2})~(\d{1,15})$/

function after(cursor: string | undefined): SQL | undefined {
  const [postingDate, place] = cursorParts(cursor, ENTRY_CURSOR) ?? []
  if (postingDate === undefined) return undefined
  return sql`(${journalEntries.postingDate}, ${number}) < (${postingDate}, ${Number(place)})`
}
