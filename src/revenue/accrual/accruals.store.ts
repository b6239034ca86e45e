import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Contract } from '../../contracts/contract.ts'
import { contracts } from '../../contracts/contracts.schema.ts'
import { legalEntities } from '../../customers/customers.schema.ts'
import type { CreditUse } from '../../invoicing/cycle/unbilled-in-order.ts'
import { invoiceLines } from '../../invoicing/invoicing.schema.ts'
import { type Db, inList, insertRows, type Statement } from '../../storage/db.store.ts'
import { unmetDays } from '../accounting/criteria.ts'
import { criteriaStated, readCriteria } from '../criteria.store.ts'
import type { ScheduleEntry } from '../recognition.ts'
import {
  revenueContracts,
  revenueScheduleEntries,
  revenueSchedules,
  unscheduledLines,
} from '../revenue.schema.ts'
import { type ContractAccruals, type KnownAccrual, takenBack } from './accrual.ts'
import { countsAnew, keepCounted } from './accrued-credit.store.ts'
import type { AccruedFor, Earning } from './earned.ts'

const standing = {
  lineId: revenueSchedules.lineId,
  contractRef: revenueSchedules.contractRef,
  timezone: legalEntities.timezone,
  productRef: revenueSchedules.productRef,
  boundary: sql<number>`${revenueSchedules.boundary}`,
  accrual: sql<'open' | 'billed'>`${revenueSchedules.accrual}`,
  accruedFor: sql<AccruedFor>`${revenueSchedules.accruedFor}`,
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

/** By contract, the products whose fees follow its plan, and the days without a contract; unless it waits for a plan. */
export async function accountedFor(
  db: Db,
  contractRefs: readonly string[],
): Promise<Map<string, Pick<Earning, 'planned' | 'unmet'> | 'waits'>> {
  const { ref, covers, stale, groupRef, entityRef } = revenueContracts
  const { framework } = legalEntities
  const rows = await db
    .select({ ref, covers, stale, framework, criteria: criteriaStated(groupRef) })
    .from(revenueContracts)
    .innerJoin(legalEntities, eq(legalEntities.ref, entityRef))
    .where(inList(ref, contractRefs))
  return new Map(
    rows.map((row) => {
      const accounted = { planned: row.covers, unmet: unmetDays(readCriteria(row.criteria), row.framework) }
      return [row.ref, row.stale ? 'waits' : accounted]
    }),
  )
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
 * The statements that accrue for contracts. They fail as a whole where one of these was amended or billed since it was
 * read (`isPlanChanged`), or another run has accrued the same.
 */
export function insertAccruals(
  db: Db,
  planned: readonly ContractAccruals[],
  counted: readonly CreditUse[],
): Statement[] {
  const moved = planned.filter((one) => one.entries.length > 0 || countsAnew(one, counted))
  if (moved.length === 0) return []
  return [
    ...insertRows(
      db,
      revenueSchedules,
      moved.flatMap(({ accruals }) => accruals),
      { ignoreExisting: true },
    ),
    ...movePortions(
      db,
      moved.flatMap(({ entries }) => entries),
    ),
    ...keepCounted(
      db,
      moved.filter((one) => countsAnew(one, counted)),
    ),
    requireUnchanged(
      db,
      moved.map(({ contract }) => contract),
    ),
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

/** Fails the batch where a contract is not as it was read: SQLite has no other error to raise on a condition. */
function requireUnchanged(db: Db, read: readonly Contract[]): Statement {
  const asRead = JSON.stringify(
    read.map(({ ref, nextCycle, version, billsChangeAt = null }) => [ref, nextCycle, version, billsChangeAt]),
  )
  return db
    .select({ never: sql`json('!' || COUNT(*))` })
    .from(sql`json_each(${asRead}) AS read`)
    .innerJoin(
      contracts,
      and(
        eq(contracts.ref, sql`json_extract(read.value, '$[0]')`),
        eq(contracts.nextCycle, sql`json_extract(read.value, '$[1]')`),
        eq(contracts.version, sql`json_extract(read.value, '$[2]')`),
        sql`${contracts.billsChangeAt} IS json_extract(read.value, '$[3]')`,
      ),
    )
    .having(sql`COUNT(*) <> ${read.length}`)
}
