import { and, eq, gt, gte, lte, type SQL, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { addMonths, type LocalDate, monthOf } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import { booked } from '../ledger/month-ends/month-ends.schema.ts'
import { revenueScheduleEntries, revenueSchedules } from '../revenue/revenue.schema.ts'
import { type Db, inList } from '../storage/db.store.ts'
import { contractKey } from './contract-balances.ts'
import { exactSum, reported, reportedUpTo, type Scope } from './ledger-sums.store.ts'

/** What contracts were billed by the end of the day for days more than twelve months after it, by `contractKey`. */
export async function billedForLater(db: Db, asOf: LocalDate, scope: Scope): Promise<Map<string, Minor>> {
  const { contractRef, currency } = revenueSchedules
  const rows = await db
    .select({ contractRef, currency, later: exactSum(revenueScheduleEntries.amount) })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, revenueScheduleEntries.lineId))
    .leftJoin(invoices, eq(invoices.id, revenueSchedules.invoiceId))
    .where(earnedLater(asOf, scope))
    .groupBy(contractRef, currency)
  return new Map(rows.map((row) => [contractKey(row), BigInt(row.later)]))
}

/** The same of some contracts, schedule by schedule; without an invoice it is of an obligation. */
export async function laterBySchedule(db: Db, asOf: LocalDate, contractRefs: readonly string[]) {
  const { lineId, contractRef, productRef, currency, invoiceId } = revenueSchedules
  const amount = exactSum(revenueScheduleEntries.amount)
  const rows = await db
    .select({ lineId, contractRef, productRef, currency, invoiceId, number: invoices.number, amount })
    .from(revenueSchedules)
    .innerJoin(revenueScheduleEntries, eq(revenueScheduleEntries.lineId, lineId))
    .leftJoin(invoices, eq(invoices.id, invoiceId))
    .where(and(inList(contractRef, contractRefs), earnedLater(asOf, {})))
    .groupBy(lineId)
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }))
}

function earnedLater(asOf: LocalDate, { entityRef }: Scope): SQL | undefined {
  const last = addMonths(asOf, 12)
  return and(
    gte(revenueScheduleEntries.month, monthOf(last)),
    gt(revenueScheduleEntries.postingDate, last),
    eq(revenueSchedules.book, 'primary'),
    // Without an invoice a schedule is of an obligation, and there from the day it was agreed.
    lte(sql`COALESCE(${invoices.issueDate}, ${revenueSchedules.bookedOn})`, asOf),
    entityRef === undefined ? undefined : eq(revenueSchedules.entityRef, entityRef),
  )
}

/** What the books hold of each product of some contracts at the end of a day, in credit positive. */
export async function positionsByProduct(
  db: Db,
  { day, entityRef, currency }: { day: LocalDate; entityRef: string; currency: string },
  contractRefs: readonly string[],
): Promise<{ contractRef: string; productRef: string | null; net: Minor; isUsage: boolean }[]> {
  const { contractRef, productRef, amount } = booked
  const rows = await db
    .select({
      contractRef: sql<string>`${contractRef}`,
      productRef,
      net: exactSum(sql`-${amount}`),
      kind: products.kind,
    })
    .from(reportedUpTo(['contract_position'], { to: day, entityRef }))
    .leftJoin(products, eq(products.ref, productRef))
    .where(and(reported, eq(booked.currency, currency), inList(contractRef, contractRefs)))
    .groupBy(contractRef, productRef)
  return rows.map(({ kind, net, ...row }) => ({ ...row, net: BigInt(net), isUsage: kind === 'usage' }))
}
