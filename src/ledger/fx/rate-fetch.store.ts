import { eq, isNotNull, max, sql } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import type { Instant } from '../../kernel/calendar.ts'
import type { Db, Statement } from '../../storage/db.store.ts'
import { fxFetches, fxRates, measurements, unmeasuredEntries } from './fx.schema.ts'
import type { SourceState } from './rate-source.ts'

/** What is there of a source, and what became of asking it. */
export async function sourceState(db: Db, source: string): Promise<SourceState & { failure: string | null }> {
  const [[rates], [fetched]] = await Promise.all([
    db
      .select({ latestDay: max(fxRates.date) })
      .from(fxRates)
      .where(eq(fxRates.source, source)),
    db.select().from(fxFetches).where(eq(fxFetches.source, source)),
  ])
  return {
    latestDay: rates?.latestDay ?? undefined,
    askedAt: fetched?.askedAt,
    failure: fetched?.failure ?? null,
  }
}

/** The sources whose last answer was none. */
export const failedFetches = (db: Db): Promise<(typeof fxFetches.$inferSelect)[]> =>
  db.select().from(fxFetches).where(isNotNull(fxFetches.failure))

/** True where entries were measured with rates of the source, or wait for them. */
export async function isSourceInUse(db: Db, source: string): Promise<boolean> {
  const found = await db.all(sql`
    SELECT 1 FROM ${measurements} WHERE rate_source = ${source}
    UNION ALL
    SELECT 1 FROM ${unmeasuredEntries} JOIN ${legalEntities} ON ref = entity_ref WHERE fx_source = ${source}
    LIMIT 1`)
  return found.length > 0
}

export const noteFetch = (db: Db, source: string, askedAt: Instant, failure: string | null): Statement =>
  db
    .insert(fxFetches)
    .values({ source, askedAt, failure })
    .onConflictDoUpdate({ target: fxFetches.source, set: { askedAt, failure } })
