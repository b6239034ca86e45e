import { and, asc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Contract } from '../../contracts/contract.ts'
import type { AgreedTax } from '../../contracts/terms/tax-terms.ts'
import { add, decimal, formatDecimal } from '../../kernel/rational.ts'
import { type Db, inList, inTuples } from '../../storage/db.store.ts'
import type { SealedUsage } from '../../usage/sealed-usage.ts'
import { type BilledCycle, sumOfMonths, withLines } from '../charges/billed-cycle.ts'
import { latestTotals } from '../charges/usage-adjustment.ts'
import { asText } from '../charges/usage-charge.ts'
import type { BilledUsage, UsageTotal } from '../charges/usage-total.ts'
import type { LineTax } from '../invoice.ts'
import { cycleCloses, invoiceLines, invoices } from '../invoicing.schema.ts'
import type { CyclePlan } from './cycle-close.ts'

type HeldBack = Pick<CyclePlan, 'heldBack' | 'heldChanges' | 'owedCredits'>

/** What the last close of each contract could not bill; nothing of one that has had none. */
export async function heldBackOf(
  db: Db,
  contracts: readonly Pick<Contract, 'ref' | 'nextCycle'>[],
): Promise<Map<string, HeldBack>> {
  const { contractRef, cycleNo, heldBack, heldChanges, owedCredits } = cycleCloses
  const closed = contracts.map(({ ref, nextCycle }) => [ref, nextCycle - 1])
  const rows = await db
    .select({ contractRef, heldBack, heldChanges, owedCredits })
    .from(cycleCloses)
    .where(inTuples([contractRef, cycleNo], closed))
  return new Map(rows.map((row) => [row.contractRef, row]))
}

/** Those of contracts whose last invoice was too small for what lowers it. */
export async function contractsHeldBack(
  db: Db,
  contracts: readonly Pick<Contract, 'ref' | 'nextCycle'>[],
): Promise<Set<string>> {
  if (contracts.length === 0) return new Set()
  const held = [...(await heldBackOf(db, contracts))]
  return new Set(
    held.flatMap(([ref, { heldBack, heldChanges }]) => (heldBack.length + heldChanges.length > 0 ? ref : [])),
  )
}

/** The usage of every product in every cycle before a boundary, with the corrections that came until its last close. */
export async function closedTotals(db: Db, contractRef: string, boundary: number): Promise<UsageTotal[]> {
  const closed = await closedTotalsOf(db, [{ ref: contractRef, nextCycle: boundary }])
  return closed.get(contractRef) ?? []
}

/** The same of contracts, each before its next boundary. */
export async function closedTotalsOf(
  db: Db,
  contracts: readonly Pick<Contract, 'ref' | 'nextCycle'>[],
): Promise<Map<string, UsageTotal[]>> {
  if (contracts.length === 0) return new Map()
  const { contractRef, cycleNo, sealed } = cycleCloses
  const asked = JSON.stringify(contracts.map(({ ref, nextCycle }) => [ref, nextCycle]))
  const closes = await db
    .select({ contractRef, sealed })
    .from(sql`json_each(${asked}) AS asked`)
    .innerJoin(
      cycleCloses,
      and(
        eq(contractRef, sql`json_extract(asked.value, '$[0]')`),
        lt(cycleNo, sql`json_extract(asked.value, '$[1]')`),
      ),
    )
    .orderBy(asc(contractRef), asc(cycleNo))
  const byContract = Map.groupBy(closes, (close) => close.contractRef)
  return new Map([...byContract].map(([ref, own]) => [ref, latestTotals(own.flatMap(totalsOf), [])]))
}

const totalsOf = ({ sealed }: { sealed: SealedUsage | null }): UsageTotal[] =>
  sealed
    ? [...sealed.products.map((total) => ({ ...total, cycleNo: sealed.cycleNo })), ...sealed.corrections]
    : []

/** The next number of a seller's series. Whoever else takes it first makes the batch fail, and is met by planning again. */
export async function nextSequence(db: Db, entityRef: string, series: string): Promise<number> {
  const [row] = await db
    .select({ last: sql<number | null>`MAX(${invoices.sequence})` })
    .from(invoices)
    .where(and(eq(invoices.entityRef, entityRef), eq(invoices.series, series)))
  return (row?.last ?? 0) + 1
}

/** Usage of a product in a cycle of a contract. */
export type AskedUsage = { contractRef: string } & Pick<UsageTotal, 'productRef' | 'cycleNo'>

/** What issued lines have billed for usage, by contract. */
export async function billedUsage(db: Db, asked: readonly AskedUsage[]): Promise<Map<string, BilledUsage[]>> {
  if (asked.length === 0) return new Map()
  const { contractRef, productRef, serviceCycleNo, kind } = invoiceLines
  const usage = asked.map((one) => [one.contractRef, one.productRef, one.cycleNo])
  const lines = await db
    .select()
    .from(invoiceLines)
    .where(
      and(
        inTuples([contractRef, productRef, serviceCycleNo], usage),
        inArray(kind, ['usage', 'usage_adjustment']),
      ),
    )
  const byContract = Map.groupBy(lines, (line) => line.contractRef)
  return new Map([...byContract].map(([ref, own]) => [ref, summed(own)]))
}

/** What all issued lines of contracts have billed for each of their cycles. */
export async function billedCycles(
  db: Db,
  contractRefs: readonly string[],
): Promise<Map<string, BilledCycle[]>> {
  if (contractRefs.length === 0) return new Map()
  const lines = await db
    .select({
      contractRef: invoiceLines.contractRef,
      kind: invoiceLines.kind,
      productRef: invoiceLines.productRef,
      serviceCycleNo: invoiceLines.serviceCycleNo,
      serviceStart: invoiceLines.serviceStart,
      serviceEnd: invoiceLines.serviceEnd,
      amount: totalOf(invoiceLines.amount),
      netAmount: totalOf(invoiceLines.netAmount),
      months: allMonths,
      taxes: firstTaxes,
    })
    .from(invoiceLines)
    .where(and(inList(invoiceLines.contractRef, contractRefs), isNull(invoiceLines.sellsCredit)))
    .groupBy(
      invoiceLines.contractRef,
      invoiceLines.kind,
      invoiceLines.productRef,
      invoiceLines.serviceCycleNo,
      invoiceLines.serviceStart,
      invoiceLines.serviceEnd,
    )
  const read = lines.map(({ taxes, months, ...line }) => ({
    ...line,
    amount: BigInt(line.amount),
    netAmount: BigInt(line.netAmount),
    usageByMonth: asText(sumOfMonths(JSON.parse(months) as Record<string, string>[])),
    taxes: (JSON.parse(taxes) as LineTax[]).map(withoutAmount),
  }))
  const byContract = Map.groupBy(read, ({ contractRef }) => contractRef)
  return new Map([...byContract].map(([ref, own]) => [ref, withLines([], own)]))
}

/** Lines that correct one another bear the same taxes. */
const firstTaxes = sql<string>`MIN(${invoiceLines.taxes})`

/** As text: a sum is exact, however large. */
const totalOf = (amount: SQLiteColumn) => sql<string>`CAST(SUM(${amount}) AS TEXT)`

const allMonths = sql<string>`json_group_array(json(${invoiceLines.usageByMonth}))`

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
