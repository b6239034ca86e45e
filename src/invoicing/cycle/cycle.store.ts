import { and, asc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { AgreedTax } from '../../contracts/terms/tax-terms.ts'
import { add, decimal, formatDecimal } from '../../kernel/rational.ts'
import type { Db } from '../../storage/db.store.ts'
import { type BilledCycle, withLines } from '../charges/true-up.ts'
import { latestTotals } from '../charges/usage-adjustment.ts'
import type { BilledUsage, UsageTotal } from '../charges/usage-total.ts'
import type { LineTax } from '../invoice.ts'
import { cycleCloses, invoiceLines, invoices } from '../invoicing.schema.ts'
import type { CyclePlan } from './cycle-close.ts'

type HeldBack = Pick<CyclePlan, 'heldBack' | 'heldChanges' | 'owedCredits'>

/** What the close of a boundary could not bill; nothing where it has not been closed. */
export async function heldBackAt(db: Db, contractRef: string, boundary: number): Promise<HeldBack> {
  const [close] = await db
    .select({
      heldBack: cycleCloses.heldBack,
      heldChanges: cycleCloses.heldChanges,
      owedCredits: cycleCloses.owedCredits,
    })
    .from(cycleCloses)
    .where(and(eq(cycleCloses.contractRef, contractRef), eq(cycleCloses.cycleNo, boundary)))
  return close ?? { heldBack: [], heldChanges: [], owedCredits: [] }
}

/** The usage of every product in every cycle before a boundary, with the corrections that came until its last close. */
export async function closedTotals(db: Db, contractRef: string, boundary: number): Promise<UsageTotal[]> {
  const closes = await db
    .select({ sealed: cycleCloses.sealed })
    .from(cycleCloses)
    .where(and(eq(cycleCloses.contractRef, contractRef), lt(cycleCloses.cycleNo, boundary)))
    .orderBy(asc(cycleCloses.cycleNo))
  const totals = closes.flatMap(({ sealed }) =>
    sealed
      ? [...sealed.products.map((total) => ({ ...total, cycleNo: sealed.cycleNo })), ...sealed.corrections]
      : [],
  )
  return latestTotals(totals, [])
}

/** The next number of a seller's series. Whoever else takes it first makes the batch fail, and is met by planning again. */
export async function nextSequence(db: Db, entityRef: string, series: string): Promise<number> {
  const [row] = await db
    .select({ last: sql<number | null>`MAX(${invoices.sequence})` })
    .from(invoices)
    .where(and(eq(invoices.entityRef, entityRef), eq(invoices.series, series)))
  return (row?.last ?? 0) + 1
}

/** What issued lines have billed for the usage of these products in these cycles. */
export async function billedUsage(
  db: Db,
  contractRef: string,
  totals: readonly Pick<UsageTotal, 'productRef' | 'cycleNo'>[],
): Promise<BilledUsage[]> {
  if (totals.length === 0) return []
  const asked = JSON.stringify(totals.map(({ productRef, cycleNo }) => [productRef, cycleNo]))
  const lines = await db
    .select()
    .from(invoiceLines)
    .where(
      and(
        eq(invoiceLines.contractRef, contractRef),
        inArray(invoiceLines.kind, ['usage', 'usage_adjustment']),
        sql`(${invoiceLines.productRef}, ${invoiceLines.serviceCycleNo}) IN
          (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(${asked}))`,
      ),
    )
  return summed(lines)
}

/** What all issued lines of a contract have billed for each of its cycles. */
export async function billedCycles(db: Db, contractRef: string): Promise<BilledCycle[]> {
  const lines = await db
    .select({
      kind: invoiceLines.kind,
      productRef: invoiceLines.productRef,
      serviceCycleNo: invoiceLines.serviceCycleNo,
      amount: totalAmount,
      taxes: firstTaxes,
    })
    .from(invoiceLines)
    .where(and(eq(invoiceLines.contractRef, contractRef), isNull(invoiceLines.sellsCredit)))
    .groupBy(invoiceLines.kind, invoiceLines.productRef, invoiceLines.serviceCycleNo)
  return withLines(
    [],
    lines.map(({ taxes, ...line }) => ({
      ...line,
      amount: BigInt(line.amount),
      taxes: (JSON.parse(taxes) as LineTax[]).map(withoutAmount),
    })),
  )
}

/** Lines that correct one another bear the same taxes. */
const firstTaxes = sql<string>`MIN(${invoiceLines.taxes})`

/** As text: a sum is exact, however large. */
const totalAmount = sql<string>`CAST(SUM(${invoiceLines.amount}) AS TEXT)`

function summed(lines: readonly (typeof invoiceLines.$inferSelect)[]): BilledUsage[] {
  const billed = new Map<string, BilledUsage>()
  for (const line of lines) {
    const key = JSON.stringify([line.productRef, line.serviceCycleNo])
    const before: Omit<BilledUsage, 'productRef' | 'cycleNo'> = billed.get(key) ?? {
      quantity: '0',
      amount: 0n,
      byMonth: {},
    }
    const byMonth = { ...before.byMonth }
    for (const [month, amount] of Object.entries(line.usageByMonth)) {
      byMonth[month] = (byMonth[month] ?? 0n) + BigInt(amount)
    }
    billed.set(key, {
      productRef: line.productRef,
      cycleNo: line.serviceCycleNo,
      quantity: formatDecimal(add(decimal(before.quantity), decimal(line.quantity))),
      amount: before.amount + line.amount,
      byMonth,
      taxes: before.taxes ?? line.taxes.map(withoutAmount),
    })
  }
  return [...billed.values()]
}

const withoutAmount = ({ tax: _, ...agreed }: LineTax): AgreedTax => agreed
