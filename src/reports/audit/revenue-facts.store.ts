import { and, asc, eq, gt, isNotNull } from 'drizzle-orm'
import { recognitionEntry } from '../../revenue/recognition.ts'
import { revenueScheduleEntries, revenueSchedules } from '../../revenue/revenue.schema.ts'
import type { Db } from '../../storage/db.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'

/** Portions of revenue that were recognised; that they follow from lines and contracts is checked for itself. */
export async function revenueFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const { id, postedAt } = revenueScheduleEntries
  const rows = await db
    .select({ portion: revenueScheduleEntries, schedule: revenueSchedules })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, revenueScheduleEntries.lineId))
    .where(and(gt(id, after), isNotNull(postedAt)))
    .orderBy(asc(id))
    .limit(limit)
  return rows.map(({ portion, schedule }) => ({
    id: portion.id,
    entries: [recognitionEntry({ ...schedule, ...portion }, portion.postedAt ?? 0)],
  }))
}
