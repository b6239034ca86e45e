import { and, asc, eq, inArray, isNull, lte, type SQL, sql } from 'drizzle-orm'
import { type Db, insertRows, isRefusedBy, type Statement } from '../storage/db.store.ts'
import type { Posted } from './accounting/schedule-of.ts'
import type { DueEntry, PlannedSchedule } from './recognition.ts'
import { revenueScheduleEntries, revenueSchedules, unscheduledLines } from './revenue.schema.ts'

/** What was posted of schedules. */
export async function postedOfSchedules(db: Db, lineIds: readonly string[]): Promise<Posted[]> {
  if (lineIds.length === 0) return []
  const { lineId, postingDate, amount, cause } = revenueScheduleEntries
  return db
    .select({ lineId, postingDate, amount, cause })
    .from(revenueScheduleEntries)
    .where(and(inArray(lineId, jsonList(lineIds)), isPosted))
}

/** The plus signs keep SQLite from reading all that is not posted by an index of its own. */
export const isPosted = sql`+${revenueScheduleEntries.postedAt} IS NOT NULL`
const isNotPosted = sql`+${revenueScheduleEntries.postedAt} IS NULL`

/**
 * The statements that make room for schedules that are planned anew: what of them is not posted goes. They fail the batch
 * where something was posted since `posted` was counted (`isPlanChanged`).
 */
export const withdrawPlanned = (
  db: Db,
  entryOf: SQL,
  scheduleIds: readonly string[],
  posted: number,
): Statement[] => [
  requireCount(db, and(entryOf, isPosted), posted),
  db.delete(revenueScheduleEntries).where(and(entryOf, isNotPosted)),
  db.delete(revenueSchedules).where(inArray(revenueSchedules.lineId, jsonList(scheduleIds))),
]

/** The same for the schedules of lines, of all or of none. */
export const withdrawLines = (db: Db, lineIds: readonly string[], posted: readonly Posted[]): Statement[] =>
  lineIds.length === 0
    ? []
    : withdrawPlanned(
        db,
        sql`${revenueScheduleEntries.lineId} IN ${jsonList(lineIds)}`,
        lineIds,
        posted.filter(({ lineId }) => lineIds.includes(lineId)).length,
      )

/** The statements that write schedules. A line that has one already fails the batch. Lines that are `done` wait no more. */
export function insertSchedules(
  db: Db,
  plans: readonly PlannedSchedule[],
  done: readonly string[],
): Statement[] {
  const schedules = plans.map(({ schedule }) => schedule)
  const scheduled = db.delete(unscheduledLines).where(inArray(unscheduledLines.lineId, jsonList(done)))
  return [
    ...insertRows(db, revenueSchedules, schedules),
    ...insertRows(
      db,
      revenueScheduleEntries,
      plans.flatMap(({ entries }) => entries),
    ),
    scheduled,
  ]
}

/** Entries that are due and not posted, the earliest first. */
export const entriesToPost = (db: Db, now: number, limit: number): Promise<DueEntry[]> =>
  db
    .select({
      id: revenueScheduleEntries.id,
      lineId: revenueScheduleEntries.lineId,
      month: revenueScheduleEntries.month,
      postingDate: revenueScheduleEntries.postingDate,
      amount: revenueScheduleEntries.amount,
      dueAt: revenueScheduleEntries.dueAt,
      cause: revenueScheduleEntries.cause,
      book: revenueSchedules.book,
      accrual: revenueSchedules.accrual,
      invoiceId: revenueSchedules.invoiceId,
      entityRef: revenueSchedules.entityRef,
      customerRef: revenueSchedules.customerRef,
      contractRef: revenueSchedules.contractRef,
      productRef: revenueSchedules.productRef,
      currency: revenueSchedules.currency,
      method: revenueSchedules.method,
    })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, revenueScheduleEntries.lineId))
    .where(and(isNull(revenueScheduleEntries.postedAt), lte(revenueScheduleEntries.dueAt, now)))
    .orderBy(asc(revenueScheduleEntries.dueAt), asc(revenueScheduleEntries.id))
    .limit(limit)

/**
 * The statements that mark entries as posted; they belong in the batch of their journal entries, and fail it where a
 * contract was planned again meanwhile and an entry is no longer there (`isPlanChanged`).
 */
export const markPosted = (db: Db, entryIds: readonly string[], now: number): Statement[] => [
  db
    .update(revenueScheduleEntries)
    .set({ postedAt: now })
    .where(inArray(revenueScheduleEntries.id, jsonList(entryIds))),
  requireCount(db, inArray(revenueScheduleEntries.id, jsonList(entryIds)), entryIds.length),
]

/** Fails the batch unless so many entries fit: SQLite has no other error that a query can raise on a condition. */
const requireCount = (db: Db, fitting: SQL | undefined, count: number): Statement =>
  db
    .select({ never: sql`json('!' || COUNT(*))` })
    .from(revenueScheduleEntries)
    .where(fitting)
    .having(sql`COUNT(*) <> ${count}`)

/** True when a commit failed because another run planned a contract, or posted of it, in between. */
export const isPlanChanged = (error: unknown): boolean =>
  isRefusedBy(error, 'malformed JSON') || isRefusedBy(error, 'revenue was planned meanwhile')

/** Any number of ids as one parameter: a D1 statement takes at most a hundred. */
const jsonList = (ids: readonly string[]) => sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`
