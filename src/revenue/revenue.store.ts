import { and, asc, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { defaultRecognition, type RecognitionMethod } from '../catalog/product.ts'
import { legalEntities } from '../customers/customers.schema.ts'
import { invoiceLines, invoices } from '../invoicing/invoicing.schema.ts'
import { type Db, insertRows, type Statement } from '../storage/db.store.ts'
import type { DueMonth, Schedule, ScheduleMonth, UnscheduledLine } from './recognition.ts'
import { revenueScheduleMonths, revenueSchedules, unscheduledLines } from './revenue.schema.ts'

/** How a line is recognised whose product nobody has set up. */
const METHOD_OF_KIND: Record<(typeof invoiceLines.$inferSelect)['kind'], RecognitionMethod> = {
  usage: defaultRecognition.usage,
  usage_adjustment: defaultRecognition.usage,
  recurring: defaultRecognition.recurring,
  one_time: defaultRecognition.one_time,
}

/** Invoice lines that have no revenue schedule yet. */
export async function linesToSchedule(db: Db, limit: number): Promise<UnscheduledLine[]> {
  const rows = await db
    .select({
      lineId: invoiceLines.id,
      kind: invoiceLines.kind,
      productRef: invoiceLines.productRef,
      amount: invoiceLines.amount,
      serviceStart: invoiceLines.serviceStart,
      serviceEnd: invoiceLines.serviceEnd,
      usageByMonth: invoiceLines.usageByMonth,
      invoiceId: invoices.id,
      entityRef: invoices.entityRef,
      customerRef: invoices.customerRef,
      contractRef: invoices.contractRef,
      currency: invoices.currency,
      method: products.recognition,
      timezone: legalEntities.timezone,
    })
    .from(unscheduledLines)
    .innerJoin(invoiceLines, eq(invoiceLines.id, unscheduledLines.lineId))
    .innerJoin(invoices, eq(invoices.id, invoiceLines.invoiceId))
    .innerJoin(legalEntities, eq(legalEntities.ref, invoices.entityRef))
    .leftJoin(products, eq(products.ref, invoiceLines.productRef))
    .limit(limit)
  return rows.map(({ kind, method, ...line }) => ({ ...line, method: method ?? METHOD_OF_KIND[kind] }))
}

/** The statements that write schedules. A line that has one already fails the batch. */
export function insertSchedules(
  db: Db,
  plans: readonly { schedule: Schedule; months: readonly ScheduleMonth[] }[],
): Statement[] {
  const schedules = plans.map(({ schedule }) => schedule)
  const scheduled = db
    .delete(unscheduledLines)
    .where(inArray(unscheduledLines.lineId, jsonList(schedules.map(({ lineId }) => lineId))))
  return [
    ...insertRows(db, revenueSchedules, schedules),
    ...insertRows(
      db,
      revenueScheduleMonths,
      plans.flatMap(({ months }) => months),
    ),
    scheduled,
  ]
}

/** Months that are due and not posted, the earliest first. */
export const monthsToPost = (db: Db, now: number, limit: number): Promise<DueMonth[]> =>
  db
    .select({
      id: revenueScheduleMonths.id,
      lineId: revenueScheduleMonths.lineId,
      month: revenueScheduleMonths.month,
      postingDate: revenueScheduleMonths.postingDate,
      amount: revenueScheduleMonths.amount,
      dueAt: revenueScheduleMonths.dueAt,
      invoiceId: revenueSchedules.invoiceId,
      entityRef: revenueSchedules.entityRef,
      customerRef: revenueSchedules.customerRef,
      contractRef: revenueSchedules.contractRef,
      productRef: revenueSchedules.productRef,
      currency: revenueSchedules.currency,
    })
    .from(revenueScheduleMonths)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, revenueScheduleMonths.lineId))
    .where(and(isNull(revenueScheduleMonths.postedAt), lte(revenueScheduleMonths.dueAt, now)))
    .orderBy(asc(revenueScheduleMonths.dueAt), asc(revenueScheduleMonths.id))
    .limit(limit)

/** The statement that marks months as posted; it belongs in the batch of their entries. */
export const markPosted = (db: Db, monthIds: readonly string[], now: number): Statement =>
  db
    .update(revenueScheduleMonths)
    .set({ postedAt: now })
    .where(inArray(revenueScheduleMonths.id, jsonList(monthIds)))

/** When the next recognition is due: at once (the issue of the invoice) where a line has no schedule yet. */
export async function nextRevenueDueAt(db: Db): Promise<number | null> {
  const row = await db.get<{ at: number | null }>(sql`SELECT MIN(at) AS at FROM (
    SELECT MIN(${invoices.issuedAt}) AS at FROM ${unscheduledLines}
      JOIN ${invoiceLines} ON ${invoiceLines.id} = ${unscheduledLines.lineId}
      JOIN ${invoices} ON ${invoices.id} = ${invoiceLines.invoiceId}
    UNION ALL
    SELECT MIN(${revenueScheduleMonths.dueAt}) FROM ${revenueScheduleMonths}
      WHERE ${revenueScheduleMonths.postedAt} IS NULL)`)
  return row.at
}

/** Any number of ids as one parameter: a D1 statement takes at most a hundred. */
const jsonList = (ids: readonly string[]) => sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`
