import type { Db, Statement } from '../db.ts'
import { insertRows } from '../db.ts'
import type { JournalEntry } from './journal-entry.ts'
import { journalEntries, postings } from './ledger.schema.ts'

/** The statements that post entries. An entry that is there already fails the batch: each is posted at most once. */
export function postEntries(db: Db, entries: readonly JournalEntry[]): Statement[] {
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
