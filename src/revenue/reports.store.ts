import { and, asc, eq, gte, inArray, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import { invoices } from '../invoicing/invoicing.schema.ts'
import type { Minor } from '../kernel/money.ts'
import { cursorParts, type Page, type Paged, paged } from '../kernel/page.ts'
import type { Db } from '../storage/db.store.ts'
import { revenueScheduleEntries, revenueSchedules } from './revenue.schema.ts'
import type { WaterfallSum } from './waterfall.ts'

/** Amounts by the month of the invoice and the month of recognition, over all lines that have a schedule. */
export async function waterfallSums(
  db: Db,
  { from, to, entityRef }: { from: string; to: string; entityRef?: string | undefined },
): Promise<WaterfallSum[]> {
  const { month } = revenueScheduleEntries
  const rows = await db
    .select({
      currency: revenueSchedules.currency,
      bookingMonth,
      month,
      ...split,
    })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, revenueScheduleEntries.lineId))
    .leftJoin(invoices, eq(invoices.id, revenueSchedules.invoiceId))
    .where(
      and(
        eq(revenueSchedules.book, 'primary'),
        gte(month, from),
        lte(month, to),
        entityRef === undefined ? undefined : eq(revenueSchedules.entityRef, entityRef),
      ),
    )
    .groupBy(revenueSchedules.currency, bookingMonth, month)
    // What was accrued and has been billed since is nothing in the month that it was accrued in.
    .having(or(ne(split.recognised, '0'), ne(split.scheduled, '0')))
    .orderBy(revenueSchedules.currency, bookingMonth, month)
  return rows.map(exact)
}

/** Which amounts: billed in the one month, and revenue in the other. */
export type WaterfallCell = {
  currency: string
  bookingMonth: string
  month: string
  entityRef?: string | undefined
}

/** The schedules that an amount of the waterfall is made of; those of obligations and accruals have no invoice. */
export async function waterfallCell(db: Db, cell: WaterfallCell) {
  const { lineId, contractRef, productRef, invoiceId } = revenueSchedules
  const rows = await db
    .select({ lineId, contractRef, productRef, invoiceId, number: invoices.number, ...split })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(lineId, revenueScheduleEntries.lineId))
    .leftJoin(invoices, eq(invoices.id, invoiceId))
    .where(
      and(
        eq(revenueScheduleEntries.month, cell.month),
        eq(revenueSchedules.book, 'primary'),
        eq(revenueSchedules.currency, cell.currency),
        eq(bookingMonth, cell.bookingMonth),
        cell.entityRef === undefined ? undefined : eq(revenueSchedules.entityRef, cell.entityRef),
      ),
    )
    .groupBy(lineId)
    .having(or(ne(split.recognised, '0'), ne(split.scheduled, '0')))
    .orderBy(asc(contractRef), asc(lineId))
  return rows.map(exact)
}

const bookingMonth = sql<string>`substr(COALESCE(${invoices.issueDate}, ${revenueSchedules.bookedOn}), 1, 7)`

const { amount, postedAt } = revenueScheduleEntries

/** What is posted and what is only planned. As text: a JavaScript number would lose digits of a sum beyond 2^53. */
const split = {
  recognised: sql<string>`CAST(SUM(IIF(${postedAt} IS NULL, 0, ${amount})) AS TEXT)`,
  scheduled: sql<string>`CAST(SUM(IIF(${postedAt} IS NULL, ${amount}, 0)) AS TEXT)`,
}

const exact = <Row extends { recognised: string; scheduled: string }>(row: Row) => ({
  ...row,
  recognised: BigInt(row.recognised),
  scheduled: BigInt(row.scheduled),
})

export type ScheduleWithMonths = typeof revenueSchedules.$inferSelect & {
  /** Null for an obligation. */
  invoiceNumber: string | null
  /** Minor units, as in the waterfall. */
  months: { month: string; recognised: Minor; scheduled: Minor }[]
}

/**
 * The schedules of a contract or of an invoice (its id or number), in the order of their service, without what was accrued
 * for an invoice that is there.
 */
export async function listSchedules(
  db: Db,
  query: Page & { contractRef?: string | undefined; invoice?: string | undefined },
): Promise<Paged<ScheduleWithMonths>> {
  const { contractRef, invoice } = query
  const rows = await db
    .select({ schedule: revenueSchedules, invoiceNumber: invoices.number })
    .from(revenueSchedules)
    .leftJoin(invoices, eq(invoices.id, revenueSchedules.invoiceId))
    .where(
      and(
        eq(revenueSchedules.book, 'primary'),
        sql`${revenueSchedules.accrual} IS NOT 'settled'`,
        contractRef === undefined ? undefined : eq(revenueSchedules.contractRef, contractRef),
        invoice === undefined ? undefined : or(eq(invoices.id, invoice), eq(invoices.number, invoice)),
        after(query.cursor),
      ),
    )
    .orderBy(asc(revenueSchedules.serviceStart), asc(revenueSchedules.lineId))
    .limit(query.limit + 1)
  const page = paged(rows, query.limit, ({ schedule }) => `${schedule.serviceStart}~${schedule.lineId}`)
  const months = await monthsOf(
    db,
    page.rows.map(({ schedule }) => schedule.lineId),
  )
  return {
    ...page,
    rows: page.rows.map(({ schedule, invoiceNumber }) => ({
      ...schedule,
      invoiceNumber,
      months: months.filter(({ lineId }) => lineId === schedule.lineId),
    })),
  }
}

const SCHEDULE_CURSOR = /^(\d{4}-\d{2}-\d{2})~(.+)$/

function after(cursor: string | undefined): SQL | undefined {
  const parts = cursorParts(cursor, SCHEDULE_CURSOR)
  if (!parts) return undefined
  const [start, lineId] = parts
  return sql`(${revenueSchedules.serviceStart}, ${revenueSchedules.lineId}) > (${start}, ${lineId})`
}

async function monthsOf(db: Db, lineIds: readonly string[]) {
  const { lineId, month } = revenueScheduleEntries
  const rows = await db
    .select({ lineId, month, ...split })
    .from(revenueScheduleEntries)
    .where(inArray(lineId, sql`(SELECT value FROM json_each(${JSON.stringify(lineIds)}))`))
    .groupBy(lineId, month)
    .orderBy(asc(month))
  return rows.map(exact)
}
