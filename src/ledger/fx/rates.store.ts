import { and, desc, eq, gte, lte, sql } from 'drizzle-orm'
import type { LocalDate } from '../../kernel/calendar.ts'
import { cursorParts, type Page, type Paged, paged } from '../../kernel/page.ts'
import type { Db } from '../../storage/db.store.ts'
import { fxRates } from './fx.schema.ts'

export type FxRateRow = typeof fxRates.$inferSelect

export type RateFilter = {
  source?: string | undefined
  base?: string | undefined
  quote?: string | undefined
  /** First and last day, both included. */
  from?: LocalDate | undefined
  to?: LocalDate | undefined
}

const RATE_CURSOR = /^(\d{4}-\d{2}-\d{2})~([a-z0-9_-]+)~([^~]{1,20})~([A-Z]{3})$/

/** Rates as they were published, the latest day first. */
export async function listRates(
  db: Db,
  { limit, cursor, source, base, quote, from, to }: Page & RateFilter,
): Promise<Paged<FxRateRow>> {
  const place = sql`(${fxRates.date}, ${fxRates.source}, ${fxRates.base}, ${fxRates.quote})`
  const after = cursorParts(cursor, RATE_CURSOR)
  const rows = await db
    .select()
    .from(fxRates)
    .where(
      and(
        source === undefined ? undefined : eq(fxRates.source, source),
        base === undefined ? undefined : eq(fxRates.base, base),
        quote === undefined ? undefined : eq(fxRates.quote, quote),
        from === undefined ? undefined : gte(fxRates.date, from),
        to === undefined ? undefined : lte(fxRates.date, to),
        after && sql`${place} < (${after[0]}, ${after[1]}, ${after[2]}, ${after[3]})`,
      ),
    )
    .orderBy(desc(fxRates.date), desc(fxRates.source), desc(fxRates.base), desc(fxRates.quote))
    .limit(limit + 1)
  return paged(rows, limit, (row) => [row.date, row.source, row.base, row.quote].join('~'))
}

/** All rates of a source of the days from `from` to `to`. */
export const publishedRates = (
  db: Db,
  source: string,
  { from, to }: { from: LocalDate; to: LocalDate },
): Promise<FxRateRow[]> =>
  db
    .select()
    .from(fxRates)
    .where(and(eq(fxRates.source, source), gte(fxRates.date, from), lte(fxRates.date, to)))
