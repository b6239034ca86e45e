import { and, asc, eq, gt, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Contract } from '../contracts/contract.ts'
import { contracts } from '../contracts/contracts.schema.ts'
import type { AgreedTax } from '../contracts/tax-terms.ts'
import { insertMovements } from '../credits/credits.store.ts'
import { enqueue } from '../delivery/outbox.store.ts'
import type { Instant } from '../kernel/calendar.ts'
import { add, decimal, formatDecimal } from '../kernel/rational.ts'
import type { ClosedPeriods } from '../ledger/accounting-period.ts'
import { postEntries } from '../ledger/ledger.store.ts'
import { type Db, insertRows, type Statement } from '../storage/db.store.ts'
import { allocations } from './allocations.schema.ts'
import type { ChangePlan } from './change-plan.ts'
import { creditAllocations } from './credit-use.ts'
import type { CyclePlan } from './cycle-close.ts'
import type { Invoice, LineTax } from './invoice.ts'
import { cycleCloses, invoiceLines, invoices } from './invoicing.schema.ts'
import type { IssuedInvoices } from './issue-invoices.ts'
import { type BilledCycle, withLines } from './true-up.ts'
import { latestTotals } from './usage-adjustment.ts'
import type { BilledUsage, UsageTotal } from './usage-total.ts'

export type Claim = { token: string; until: Instant }

/** Claims contracts whose next boundary is due and that nobody holds; tells how many. The longest due come first. */
export async function claimPage(db: Db, claim: Claim, now: Instant, limit: number): Promise<number> {
  const due = db
    .select({ ref: contracts.ref })
    .from(contracts)
    .where(
      and(
        or(lte(contracts.nextCloseAt, now), lte(contracts.billsChangeAt, now)),
        // Whether a contract goes on is settled before it is invoiced.
        or(isNull(unindexed(contracts.renewsAt)), gt(unindexed(contracts.renewsAt), now)),
        or(isNull(contracts.claimedUntil), lte(contracts.claimedUntil, now)),
      ),
    )
    .orderBy(unindexed(contracts.nextCloseAt))
    .limit(limit)
  const claimed = await db
    .update(contracts)
    .set({ claimToken: claim.token, claimedUntil: claim.until })
    .where(inArray(contracts.ref, due))
    .returning({ ref: contracts.ref })
  return claimed.length
}

/** Keeps SQLite from choosing the index of a column that nearly all contracts fit: only those that are due are read. */
const unindexed = (column: SQLiteColumn) => sql`+${column}`

/** The contracts that are still held under a claim. */
export const claimedContracts = (db: Db, token: string): Promise<Contract[]> =>
  db.select().from(contracts).where(eq(contracts.claimToken, token)).orderBy(asc(contracts.nextCloseAt))

export type HeldBack = Pick<CyclePlan, 'heldBack' | 'heldChanges'>

/** What the close of a boundary could not bill; nothing where it has not been closed. */
export async function heldBackAt(db: Db, contractRef: string, boundary: number): Promise<HeldBack> {
  const [close] = await db
    .select({ heldBack: cycleCloses.heldBack, heldChanges: cycleCloses.heldChanges })
    .from(cycleCloses)
    .where(and(eq(cycleCloses.contractRef, contractRef), eq(cycleCloses.cycleNo, boundary)))
  return close ?? { heldBack: [], heldChanges: [] }
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
    .where(eq(invoiceLines.contractRef, contractRef))
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

/** What issuing invoices writes. */
function issueStatements(
  db: Db,
  { invoices: issued, burnt, entries, effects }: IssuedInvoices,
  closed: ClosedPeriods,
  now: Instant,
): Statement[] {
  const linesOf = ({ id, contractRef, lines }: Invoice) =>
    lines.map((line) => ({ ...line, invoiceId: id, contractRef }))
  return [
    ...insertRows(db, invoices, issued),
    ...insertRows(db, invoiceLines, issued.flatMap(linesOf)),
    ...insertMovements(
      db,
      burnt.map(({ moved }) => moved),
    ),
    ...insertRows(db, allocations, creditAllocations(burnt)),
    ...postEntries(db, entries, closed),
    ...enqueue(db, effects, now),
  ]
}

/** How a batch leaves the claim on its contract, and in which months it can post nothing. */
export type Closing = { closed: ClosedPeriods; release: boolean }

/** The one batch of a change that is billed at once. Where its invoice is there, it fails whole. */
export const changeStatements = (
  db: Db,
  { contractRef, boundary, next, ...issued }: ChangePlan,
  { closed, release }: Closing,
  now: Instant,
): Statement[] => [
  ...issueStatements(db, issued, closed, now),
  goOn(db, contractRef, boundary, next, release),
]

const goOn = (
  db: Db,
  contractRef: string,
  boundary: number,
  next: Partial<CyclePlan['next']>,
  release: boolean,
): Statement =>
  db
    .update(contracts)
    .set({ ...next, ...(release && { claimToken: null, claimedUntil: null }) })
    .where(and(eq(contracts.ref, contractRef), eq(contracts.nextCycle, boundary)))

/** The one batch of a closed boundary. A boundary that is closed already, or a number that is taken, fails it whole. */
export function closeStatements(
  db: Db,
  plan: CyclePlan,
  { closed, release }: Closing,
  now: Instant,
): Statement[] {
  const { contractRef, boundary, sealed, heldBack, heldChanges, owedCredits } = plan
  const close = { contractRef, cycleNo: boundary, sealed, heldBack, heldChanges, owedCredits, closedAt: now }
  return [
    ...insertRows(db, cycleCloses, [close]),
    ...issueStatements(db, plan, closed, now),
    goOn(db, contractRef, boundary, plan.next, release),
  ]
}

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
