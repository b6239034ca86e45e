import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Contract } from '../../contracts/contract.ts'
import { contracts } from '../../contracts/contracts.schema.ts'
import { legalEntities } from '../../customers/customers.schema.ts'
import { invoiceLines } from '../../invoicing/invoicing.schema.ts'
import { type Db, inList, insertRows, type Statement } from '../../storage/db.store.ts'
import type { ScheduleEntry } from '../recognition.ts'
import {
  revenueContracts,
  revenueScheduleEntries,
  revenueSchedules,
  unscheduledLines,
} from '../revenue.schema.ts'
import { type Accrual, type KnownAccrual, takenBack } from './accrual.ts'

const standing = {
  lineId: revenueSchedules.lineId,
  contractRef: revenueSchedules.contractRef,
  timezone: legalEntities.timezone,
  productRef: revenueSchedules.productRef,
  boundary: sql<number>`${revenueSchedules.boundary}`,
  accrual: sql<'open' | 'billed'>`${revenueSchedules.accrual}`,
}

/** What stands accrued for these contracts. */
export async function accrualsOf(db: Db, contractRefs: readonly string[]): Promise<KnownAccrual[]> {
  const rows = await db
    .select(standing)
    .from(revenueSchedules)
    .innerJoin(legalEntities, eq(legalEntities.ref, revenueSchedules.entityRef))
    .where(
      and(
        inArray(revenueSchedules.accrual, ['open', 'billed']),
        inList(revenueSchedules.contractRef, [...new Set(contractRefs)]),
      ),
    )
  return withPortions(db, rows)
}

/** The products whose fees follow the contract's plan; null while it waits for its plan. */
export async function plannedFees(db: Db, contractRef: string): Promise<string[] | null> {
  const { ref, covers, stale } = revenueContracts
  const [row] = await db.select({ covers, stale }).from(revenueContracts).where(eq(ref, contractRef))
  return row?.stale ? null : (row?.covers ?? [])
}

/** Accruals of closed boundaries that no line of an invoice is left to settle. */
export async function accrualsLeft(db: Db, limit: number): Promise<KnownAccrual[]> {
  const waits = sql`EXISTS (SELECT 1 FROM ${unscheduledLines} JOIN ${invoiceLines} ON ${invoiceLines.id} = ${unscheduledLines.lineId}
    WHERE ${invoiceLines.contractRef} = ${revenueSchedules.contractRef})`
  const rows = await db
    .select(standing)
    .from(revenueSchedules)
    .innerJoin(legalEntities, eq(legalEntities.ref, revenueSchedules.entityRef))
    .where(and(eq(revenueSchedules.accrual, 'billed'), sql`NOT ${waits}`))
    .orderBy(asc(revenueSchedules.contractRef))
    .limit(limit)
  return withPortions(db, rows)
}

async function withPortions(
  db: Db,
  rows: readonly Omit<KnownAccrual, 'portions'>[],
): Promise<KnownAccrual[]> {
  if (rows.length === 0) return []
  const { lineId, postingDate, amount, cause } = revenueScheduleEntries
  const portions = await db
    .select({ lineId, postingDate, amount, cause })
    .from(revenueScheduleEntries)
    .where(
      inList(
        lineId,
        rows.map((row) => row.lineId),
      ),
    )
  const byAccrual = Map.groupBy(portions, (portion) => portion.lineId)
  return rows.map((row) => ({ ...row, portions: byAccrual.get(row.lineId) ?? [] }))
}

/**
 * The statements that accrue for a contract. They fail as a whole where the contract was amended or billed since it was
 * read (`isPlanChanged`), or another run has accrued the same.
 */
export function insertAccruals(
  db: Db,
  contract: Contract,
  { accruals, entries }: { accruals: readonly Accrual[]; entries: readonly ScheduleEntry[] },
): Statement[] {
  if (entries.length === 0) return []
  return [
    ...insertRows(db, revenueSchedules, accruals, { ignoreExisting: true }),
    ...movePortions(db, entries),
    requireUnchanged(db, contract),
  ]
}

/**
 * The statements that take accruals back. One whose boundary is closed is settled with it; a contract that is over may
 * be renewed, and goes on under the boundary that it has come to.
 */
export const settleAccruals = (db: Db, accruals: readonly KnownAccrual[]): Statement[] =>
  accruals.length === 0
    ? []
    : [
        ...movePortions(db, takenBack(accruals)),
        db
          .update(revenueSchedules)
          .set({ accrual: sql`IIF(${isClosed}, 'settled', 'open')` })
          .where(
            and(
              eq(revenueSchedules.accrual, 'billed'),
              inList(
                revenueSchedules.lineId,
                accruals.map(({ lineId }) => lineId),
              ),
            ),
          ),
      ]

const isClosed = sql`${revenueSchedules.boundary} < (
  SELECT ${contracts.nextCycle} FROM ${contracts} WHERE ${contracts.ref} = ${revenueSchedules.contractRef})`

/** Writes portions, and keeps the amount of each accrual their sum. */
function movePortions(db: Db, entries: readonly ScheduleEntry[]): Statement[] {
  const { lineId } = revenueSchedules
  const total = sql`(SELECT SUM(${revenueScheduleEntries.amount}) FROM ${revenueScheduleEntries}
    WHERE ${revenueScheduleEntries.lineId} = ${lineId})`
  const moved = inList(lineId, [...new Set(entries.map((entry) => entry.lineId))])
  return [
    ...insertRows(db, revenueScheduleEntries, [...entries]),
    db
      .update(revenueSchedules)
      .set({ amount: total })
      .where(and(isNotNull(revenueSchedules.accrual), moved)),
  ]
}

/** Fails the batch where the contract is not as it was read: SQLite has no other error to raise on a condition. */
const requireUnchanged = (db: Db, { ref, nextCycle, version, billsChangeAt = null }: Contract): Statement =>
  db
    .select({ never: sql`json('!' || COUNT(*))` })
    .from(contracts)
    .where(
      and(
        eq(contracts.ref, ref),
        eq(contracts.nextCycle, nextCycle),
        eq(contracts.version, version),
        sql`${contracts.billsChangeAt} IS ${billsChangeAt}`,
      ),
    )
    .having(sql`COUNT(*) <> 1`)
