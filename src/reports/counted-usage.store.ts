import { and, eq, lte, or, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { invoiceLines } from '../invoicing/invoicing.schema.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import { revenueScheduleEntries, revenueSchedules } from '../revenue/revenue.schema.ts'
import { type Db, inList } from '../storage/db.store.ts'
import { exactSum } from './ledger-sums.store.ts'
import type { CountedUsage } from './open-windows.ts'

/** Contracts that are asked about at once. */
const PAGE_CONTRACTS = 500

/**
 * What usage and commitments of contracts have earned by the end of a day, cycle by cycle, whether it is billed or
 * accrued. A commitment is held against amounts before discounts, so that what is earned of a line counts as its part of
 * that; of what is accrued only the revenue is known.
 */
export async function countedUsage(
  db: Db,
  asOf: LocalDate,
  contractRefs: readonly string[],
): Promise<Map<string, CountedUsage[]>> {
  const rows: Awaited<ReturnType<typeof countedOf>> = []
  for (let from = 0; from < contractRefs.length; from += PAGE_CONTRACTS)
    rows.push(...(await countedOf(db, asOf, contractRefs.slice(from, from + PAGE_CONTRACTS))))
  const byContract = Map.groupBy(rows, ({ contractRef }) => contractRef)
  return new Map([...byContract].map(([ref, own]) => [ref, own.map(counted)]))
}

function countedOf(db: Db, asOf: LocalDate, contractRefs: readonly string[]) {
  const { lineId, contractRef, productRef, boundary, accrual } = revenueSchedules
  const earned = db
    .select({
      contractRef,
      productRef,
      isTrueUp: sql<number>`(${isTrueUp})`.as('is_true_up'),
      cycleNo: sql<number>`COALESCE(${invoiceLines.serviceCycleNo}, ${boundary})`.as('cycle_no'),
      earned: sql<number>`SUM(${revenueScheduleEntries.amount})`.as('earned'),
      gross: sql<number>`${invoiceLines.amount}`.as('gross'),
      net: sql<number>`${invoiceLines.netAmount}`.as('net'),
    })
    .from(revenueSchedules)
    .innerJoin(revenueScheduleEntries, eq(revenueScheduleEntries.lineId, lineId))
    .innerJoin(products, eq(products.ref, productRef))
    .leftJoin(invoiceLines, eq(invoiceLines.id, lineId))
    .where(
      and(
        inList(contractRef, contractRefs),
        eq(revenueSchedules.book, 'primary'),
        lte(revenueScheduleEntries.postingDate, asOf),
        or(eq(products.kind, 'usage'), isTrueUp),
        sql`(${accrual} IS NOT NULL OR ${invoiceLines.id} IS NOT NULL)`,
      ),
    )
    .groupBy(lineId)
    .as('earned')
  return db
    .select({
      contractRef: earned.contractRef,
      productRef: earned.productRef,
      isTrueUp: earned.isTrueUp,
      cycleNo: earned.cycleNo,
      accrued: exactSum(sql`IIF(${earned.gross} IS NULL, ${earned.earned}, 0)`),
      earned: exactSum(sql`IIF(${earned.gross} IS NULL, 0, ${earned.earned})`),
      gross: exactSum(earned.gross),
      net: exactSum(earned.net),
    })
    .from(earned)
    .groupBy(earned.contractRef, earned.productRef, sql`${earned.isTrueUp}`, sql`${earned.cycleNo}`)
}

/** What a commitment adds, billed or accrued. */
const isTrueUp = sql`COALESCE(${invoiceLines.kind} = 'true_up' OR ${revenueSchedules.accruedFor} = 'commitment', 0)`

type Row = Awaited<ReturnType<typeof countedOf>>[number]

function counted({ cycleNo, productRef, isTrueUp, accrued, earned, gross, net }: Row): CountedUsage {
  return {
    cycleNo,
    productRef,
    isTrueUp: isTrueUp === 1,
    amount: BigInt(accrued) + partOf(BigInt(gross), BigInt(earned), BigInt(net)),
  }
}

/** What of the lines' amounts is earned; lines of which discounts leave nothing count as a whole. */
const partOf = (gross: Minor, earned: Minor, net: Minor): Minor =>
  net === 0n ? gross : (gross * earned) / net
