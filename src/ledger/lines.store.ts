import { asc } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { legalEntities } from '../customers/customers.schema.ts'
import { type Db, inList } from '../storage/db.store.ts'
import { functionalCurrency } from './fx/functional-currency.store.ts'
import { functionalPostings } from './fx/fx.schema.ts'
import type { Book } from './journal-entry.ts'
import { journalEntries, postings } from './ledger.schema.ts'

/** As posted, each in the currency of its entry, or in the functional currency of its entity. */
export type LedgerMeasure = 'transaction' | 'functional'

/** Which books are read, and in which currency; by default the primary ones, as posted. */
export type Reading = { book?: Book | undefined; measure?: LedgerMeasure | undefined }

type EntryRow = typeof journalEntries.$inferSelect
type PostingRow = typeof postings.$inferSelect

/** A journal entry as it was posted; in the functional currency without postings while it waits for a rate. */
export type PostedEntry = EntryRow & { postings: PostingRow[] }

/** Where lines are read from, and where their currency stands. The view has the columns of the table. */
export const linesIn = (
  measure: LedgerMeasure = 'transaction',
): { lines: typeof postings; currency: SQLiteColumn } =>
  measure === 'functional'
    ? { lines: functionalPostings as unknown as typeof postings, currency: functionalPostings.currency }
    : { lines: postings, currency: journalEntries.currency }

/** Entries with all their lines, in the order of these. */
export async function withLines<Entry extends EntryRow>(
  db: Db,
  entries: readonly Entry[],
  measure?: LedgerMeasure,
): Promise<(Entry & PostedEntry)[]> {
  const ids = entries.map(({ id }) => id)
  const [lines, currencies] = await Promise.all([
    linesOf(db, ids, measure),
    measure === 'functional' ? functionalCurrencies(db, entries) : new Map<string, string>(),
  ])
  return entries.map((entry) => ({
    ...entry,
    currency: currencies.get(entry.entityRef) ?? entry.currency,
    postings: lines.get(entry.id) ?? [],
  }))
}

async function linesOf(
  db: Db,
  entryIds: readonly string[],
  measure?: LedgerMeasure,
): Promise<Map<string, PostingRow[]>> {
  const { lines } = linesIn(measure)
  const rows = await db
    .select()
    .from(lines)
    .where(inList(lines.entryId, entryIds))
    .orderBy(asc(lines.entryId), asc(lines.lineNo))
  return Map.groupBy(rows, (row) => row.entryId)
}

async function functionalCurrencies(db: Db, entries: readonly EntryRow[]): Promise<Map<string, string>> {
  const refs = [...new Set(entries.map(({ entityRef }) => entityRef))]
  const rows = await db
    .select({ ref: legalEntities.ref, currency: functionalCurrency })
    .from(legalEntities)
    .where(inList(legalEntities.ref, refs))
  return new Map(rows.map(({ ref, currency }) => [ref, currency]))
}
