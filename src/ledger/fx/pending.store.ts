import { and, asc, count, eq, lte, min, type SQL, sql } from 'drizzle-orm'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { Db } from '../../storage/db.store.ts'
import { journalEntries } from '../ledger.schema.ts'
import { unmeasuredEntries } from './fx.schema.ts'

/** Entries in one currency that wait for their functional amounts: a rate of the first day is not known. */
export type Waiting = { entityRef: string; currency: string; entries: number; firstDay: LocalDate }

/**
 * What waits for exchange rates in the primary books, up to a posting date: an item of the close checklist. Nothing
 * waits where all entries are in the functional currency.
 */
export async function waitingForRates(
  db: Db,
  { entityRef, to }: { entityRef?: string | undefined; to?: LocalDate | undefined } = {},
): Promise<Waiting[]> {
  const rows = await db
    .select({
      entityRef: unmeasuredEntries.entityRef,
      currency: unmeasuredEntries.currency,
      entries: count(),
      firstDay: min(sql<string>`COALESCE(${journalEntries.belongsTo}, ${journalEntries.postingDate})`),
    })
    .from(unmeasuredEntries)
    .innerJoin(journalEntries, eq(journalEntries.id, unmeasuredEntries.entryId))
    .where(
      and(
        eq(unmeasuredEntries.book, 'primary'),
        entityRef === undefined ? undefined : eq(unmeasuredEntries.entityRef, entityRef),
        to === undefined ? undefined : lte(journalEntries.postingDate, to),
      ),
    )
    .groupBy(unmeasuredEntries.entityRef, unmeasuredEntries.currency)
    .orderBy(asc(unmeasuredEntries.entityRef), asc(unmeasuredEntries.currency))
  return rows.map((row) => ({ ...row, firstDay: row.firstDay ?? '' }))
}

/** True for entries, by their number, that were posted before any that waits. */
export const measuredBefore = (number: SQL<number>, entityRef: string | undefined): SQL => {
  const own = entityRef === undefined ? sql`true` : eq(unmeasuredEntries.entityRef, entityRef)
  return sql`${number} < COALESCE(
    (SELECT MIN(waiting.rowid) FROM ${unmeasuredEntries}
      JOIN ${journalEntries} AS waiting ON waiting.id = ${unmeasuredEntries.entryId} WHERE ${own}),
    9223372036854775807)`
}
