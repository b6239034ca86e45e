import { and, eq, gt, gte, lte, sql } from 'drizzle-orm'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { addMonths, type LocalDate, monthOf } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import { revenueScheduleEntries, revenueSchedules } from '../revenue/revenue.schema.ts'
import type { Db } from '../storage/db.store.ts'
import { contractKey } from './contract-balances.ts'
import { exactSum, type Scope } from './ledger-sums.store.ts'

/** What contracts were billed by the end of the day for days more than twelve months after it, by `contractKey`. */
export async function billedForLater(
  db: Db,
  asOf: LocalDate,
  { entityRef }: Scope,
): Promise<Map<string, Minor>> {
  const { postingDate, amount, month } = revenueScheduleEntries
  const { contractRef, currency } = revenueSchedules
  const last = addMonths(asOf, 12)
  const rows = await db
    .select({ contractRef, currency, later: exactSum(amount) })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, revenueScheduleEntries.lineId))
    .leftJoin(invoices, eq(invoices.id, revenueSchedules.invoiceId))
    .where(
      and(
        gte(month, monthOf(last)),
        gt(postingDate, last),
        eq(revenueSchedules.book, 'primary'),
        // Without an invoice a schedule is of an obligation, and there from the day it was agreed.
        lte(sql`COALESCE(${invoices.issueDate}, ${revenueSchedules.bookedOn})`, asOf),
        entityRef === undefined ? undefined : eq(revenueSchedules.entityRef, entityRef),
      ),
    )
    .groupBy(contractRef, currency)
  return new Map(rows.map((row) => [contractKey(row), BigInt(row.later)]))
}
