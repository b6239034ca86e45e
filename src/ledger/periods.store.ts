import { and, desc, eq, ne, sql } from 'drizzle-orm'
import { legalEntities } from '../customers/customers.schema.ts'
import { cursorParts, type Page, type Paged, paged } from '../kernel/page.ts'
import { type Db, inList, isRefusedBy, type Statement } from '../storage/db.store.ts'
import { type ClosedPeriods, closedPeriodsOf } from './accounting-period.ts'
import { accountingPeriods } from './ledger.schema.ts'

export type PeriodRow = typeof accountingPeriods.$inferSelect

/** The closed periods of these entities, for `postEntries`. */
export async function closedPeriods(db: Db, entityRefs: readonly string[]): Promise<ClosedPeriods> {
  const { entityRef, status } = accountingPeriods
  const rows = await db
    .select()
    .from(accountingPeriods)
    .where(and(inList(entityRef, [...new Set(entityRefs)]), ne(status, 'open')))
  return closedPeriodsOf(rows)
}

/** True when a batch was refused because a period was closed after it was planned: what is planned again fits. */
export const isPeriodClosed = (error: unknown): boolean => isRefusedBy(error, 'accounting period is closed')

export async function periodsOf(
  db: Db,
  month: string,
  entityRefs: readonly string[],
): Promise<Map<string, PeriodRow>> {
  const rows = await db
    .select()
    .from(accountingPeriods)
    .where(and(eq(accountingPeriods.month, month), inList(accountingPeriods.entityRef, entityRefs)))
  return new Map(rows.map((row) => [row.entityRef, row]))
}

export const writePeriod = (db: Db, row: PeriodRow): Statement =>
  db
    .insert(accountingPeriods)
    .values(row)
    .onConflictDoUpdate({ target: [accountingPeriods.entityRef, accountingPeriods.month], set: row })

/** The entities whose books are asked for, with the zone that their days begin in. */
export const bookkeepers = (
  db: Db,
  entityRef: string | undefined,
): Promise<{ ref: string; timezone: string }[]> =>
  db
    .select({ ref: legalEntities.ref, timezone: legalEntities.timezone })
    .from(legalEntities)
    .where(entityRef === undefined ? undefined : eq(legalEntities.ref, entityRef))

const PERIOD_CURSOR = /^(\d{4}-\d{2})~(.+)$/

/** The periods that were closed once, the latest month first. */
export async function listPeriods(
  db: Db,
  { limit, cursor, entityRef }: Page & { entityRef?: string | undefined },
): Promise<Paged<PeriodRow>> {
  const { month, entityRef: entity } = accountingPeriods
  const [afterMonth, afterEntity] = cursorParts(cursor, PERIOD_CURSOR) ?? []
  const rows = await db
    .select()
    .from(accountingPeriods)
    .where(
      and(
        entityRef === undefined ? undefined : eq(entity, entityRef),
        afterMonth === undefined ? undefined : sql`(${month}, ${entity}) < (${afterMonth}, ${afterEntity})`,
      ),
    )
    .orderBy(desc(month), desc(entity))
    .limit(limit + 1)
  return paged(rows, limit, (row) => `${row.month}~${row.entityRef}`)
}
