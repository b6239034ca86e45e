import { and, asc, eq, gt, lte } from 'drizzle-orm'
import { BOOKS } from '../../ledger/journal-entry.ts'
import type { JournalEvent } from '../../ledger/journal-event.ts'
import { journalEntries } from '../../ledger/ledger.schema.ts'
import { type PostedEntry, withLines } from '../../ledger/lines.store.ts'
import type { Db } from '../../storage/db.store.ts'

type Range = { after: string; until: string | null; limit: number }

/**
 * The entries that these events have posted for sources in a range, each event in the order of its sources. Where there
 * are more than `limit` of one, `until` says how far all of them go.
 */
export async function postedInRange(
  db: Db,
  events: readonly JournalEvent[],
  range: Range,
): Promise<{ entries: PostedEntry[]; until: string | null }> {
  const parts = await Promise.all(
    events.flatMap((event) => BOOKS.map((book) => partOf(db, { ...range, event, book }))),
  )
  const ends = parts.flatMap((part) => part[range.limit - 1]?.sourceId ?? []).sort()
  const until = ends[0] ?? range.until
  const rows = parts.flat().filter(({ sourceId }) => until === null || sourceId <= until)
  return { entries: await withLines(db, rows), until }
}

const partOf = (
  db: Db,
  { event, book, after, until, limit }: Range & { event: JournalEvent; book: (typeof BOOKS)[number] },
) => {
  const { sourceId } = journalEntries
  return db
    .select()
    .from(journalEntries)
    .where(
      and(
        eq(journalEntries.book, book),
        eq(journalEntries.event, event),
        gt(sourceId, after),
        until === null ? undefined : lte(sourceId, until),
      ),
    )
    .orderBy(asc(sourceId))
    .limit(limit)
}
