import { and, asc, gt, lt, sql } from 'drizzle-orm'
import { revenueScheduleEntries, revenueSchedules } from '../../revenue/revenue.schema.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import type { Checked } from './check.ts'
import type { FactPage } from './fact-kind.ts'
import { standingItems } from './portion-item.ts'

const { lineId } = revenueSchedules

/** The plus sign keeps SQLite from sorting all that was ever settled: accruals are read in the order of their ids. */
const isSettled = sql`+${revenueSchedules.accrual} = 'settled'`
/** Their ids begin with `acr_`. */
const AFTER_ACCRUALS = 'acr~'

/** What was accrued before an invoice and settled by it: nothing of it may stand, on any day. */
export async function checkAccruals(db: Db, { after, limit }: FactPage): Promise<Checked> {
  const settled = await db
    .select({ lineId })
    .from(revenueSchedules)
    .where(and(isSettled, gt(lineId, after), lt(lineId, AFTER_ACCRUALS)))
    .orderBy(asc(lineId))
    .limit(limit)
  const ids = settled.map((row) => row.lineId)
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
