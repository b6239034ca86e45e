import { and, asc, eq, gt } from 'drizzle-orm'
import { revenueScheduleEntries, revenueSchedules } from '../../revenue/revenue.schema.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import type { Checked } from './check.ts'
import type { FactPage } from './fact-kind.ts'
import { standingItems } from './portion-item.ts'

/** What was accrued before an invoice and settled by it: nothing of it may stand, on any day. */
export async function checkAccruals(db: Db, { after, limit }: FactPage): Promise<Checked> {
  const settled = await db
    .select({ lineId: revenueSchedules.lineId })
    .from(revenueSchedules)
    .where(and(eq(revenueSchedules.accrual, 'settled'), gt(revenueSchedules.lineId, after)))
    .orderBy(asc(revenueSchedules.lineId))
    .limit(limit)
  const ids = settled.map(({ lineId }) => lineId)
  const portions = await db
    .select()
    .from(revenueScheduleEntries)
    .where(inList(revenueScheduleEntries.lineId, ids))
  return {
    recomputed: [],
    recorded: standingItems('accrued_revenue', portions),
    until: ids.length < limit ? null : (ids.at(-1) ?? null),
  }
}
