import { and, asc, eq, gt, gte, lte, type SQL, sql } from 'drizzle-orm'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { type LocalDate, monthOf } from '../kernel/calendar.ts'
import { revenueScheduleEntries, revenueSchedules } from '../revenue/revenue.schema.ts'
import type { Db } from '../storage/db.store.ts'
import type { Scope } from './ledger-sums.store.ts'
import { type Bands, bandEnds } from './remaining.ts'

/** What of a contract is billed by the end of the day, and becomes revenue after it. */
export type BilledRemaining = { contractRef: string; customerRef: string; currency: string; billed: Bands }

export async function billedRemaining(
  db: Db,
  asOf: LocalDate,
  { entityRef }: Scope,
): Promise<BilledRemaining[]> {
  const { postingDate, amount, month } = revenueScheduleEntries
  const { contractRef, customerRef, currency } = revenueSchedules
  const [year, years] = bandEnds(asOf)
  const during = (when: SQL) => sql<string>`CAST(SUM(IIF(${when}, ${amount}, 0)) AS TEXT)`
  const rows = await db
    .select({
      contractRef,
      customerRef,
      currency,
      first: during(sql`${postingDate} <= ${year}`),
      second: during(sql`${postingDate} > ${year} AND ${postingDate} <= ${years}`),
      third: during(sql`${postingDate} > ${years}`),
    })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, revenueScheduleEntries.lineId))
    .innerJoin(invoices, eq(invoices.id, revenueSchedules.invoiceId))
    .where(
      and(
        // The index is by month, and most of what was ever billed is long recognised.
        gte(month, monthOf(asOf)),
        gt(postingDate, asOf),
        lte(invoices.issueDate, asOf),
        eq(revenueSchedules.book, 'primary'),
        entityRef === undefined ? undefined : eq(revenueSchedules.entityRef, entityRef),
      ),
    )
    .groupBy(contractRef, customerRef, currency)
    .orderBy(asc(contractRef))
  return rows.map(({ first, second, third, ...row }) => ({
    ...row,
    billed: [BigInt(first), BigInt(second), BigInt(third)],
  }))
}
