import { and, asc, eq, gt, gte, lte, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { addMonths, type LocalDate, monthOf } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import { booked } from '../ledger/month-ends/month-ends.schema.ts'
import { revenueScheduleEntries, revenueSchedules } from '../revenue/revenue.schema.ts'
import type { Db } from '../storage/db.store.ts'
import { contractKey, type ProductPosition } from './contract-balances.ts'
import { exactSum, reported, reportedUpTo, type Scope } from './ledger-sums.store.ts'

/** What the books hold of each product of each contract at the end of the day. */
export async function productPositions(db: Db, asOf: LocalDate, scope: Scope): Promise<ProductPosition[]> {
  const { entityRef, currency } = booked
  const contractRef = sql<string>`COALESCE(${booked.contractRef}, '')`
  const productRef = sql<string>`COALESCE(${booked.productRef}, '')`
  const rows = await db
    .select({
      entityRef,
      currency,
      contractRef,
      productRef,
      customerRef: sql<string>`COALESCE(MAX(${booked.customerRef}), '')`,
      net: exactSum(sql`-${booked.amount}`),
      kind: products.kind,
    })
    .from(reportedUpTo(['contract_position'], { to: asOf, ...scope }))
    .leftJoin(products, eq(products.ref, booked.productRef))
    .where(reported)
    .groupBy(entityRef, currency, contractRef, productRef)
    .having(sql`SUM(${booked.amount}) <> 0`)
    .orderBy(asc(entityRef), asc(currency), asc(contractRef), asc(productRef))
  return rows.map(({ net, kind, ...row }) => ({
    ...row,
    net: BigInt(net),
    unconditional: kind === 'usage',
  }))
}

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
