import { sql } from 'drizzle-orm'
import type { Contract } from '../contracts/contract.ts'
import { boundaryDate } from '../contracts/periods/schedule.ts'
import { instantOf } from '../contracts/periods/zone.ts'
import { type Instant, type LocalDate, localDate } from '../kernel/calendar.ts'
import { type Db, inList, type Statement } from '../storage/db.store.ts'
import type { BillingLookup } from './meter-calendar.ts'
import { lateUsage } from './usage.schema.ts'

/** A contract, and the latest day (in UTC) on which usage came for it when the invoice of its cycle was due already. */
export type LateContract = { contractRef: string; receivedOn: LocalDate }

/** Products and buckets whose usage was changed at an instant. */
export type TouchedUsage = {
  cells: readonly (readonly [productRef: string, bucket: Instant, ...unknown[]])[]
  receivedAt: Instant
}

const dayOf = (at: Instant): LocalDate => localDate(at, 'UTC')

/**
 * The contracts for which usage comes when the invoice of its cycle is due already.
 *
 * @example usage of 31 May, billed at midnight with 6 hours of grace: late from 06:00 on 1 June on
 */
export function lateContracts({ cells, receivedAt }: TouchedUsage, billing: BillingLookup): LateContract[] {
  const late = cells.flatMap(([productRef, bucket]) => {
    const billed = billing(productRef, bucket)
    return billed && billed.closesAt <= receivedAt ? billed.contractRef : []
  })
  return [...new Set(late)].map((contractRef) => ({ contractRef, receivedOn: dayOf(receivedAt) }))
}

/** Keeps them in a meter until they are told; true where one is not known yet, by contract and day. */
export function noteLate(store: SqlStorage, late: readonly LateContract[]): boolean {
  let isNews = false
  for (const { contractRef, receivedOn } of late) {
    const { rowsWritten } = store.exec(
      `INSERT INTO late_contracts (contract_ref, received_on) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET received_on = excluded.received_on, told = 0
       WHERE received_on < excluded.received_on`,
      contractRef,
      receivedOn,
    )
    if (rowsWritten > 0) isNews = true
  }
  return isNews
}

export const untoldLate = (store: SqlStorage): LateContract[] =>
  Array.from(
    store.exec<{ contract_ref: string; received_on: string }>(
      'SELECT contract_ref, received_on FROM late_contracts WHERE told = 0',
    ),
    (row) => ({ contractRef: row.contract_ref, receivedOn: row.received_on }),
  )

export function markLateTold(store: SqlStorage, told: readonly LateContract[]): void {
  for (const { contractRef, receivedOn } of told)
    store.exec(
      'UPDATE late_contracts SET told = 1 WHERE contract_ref = ? AND received_on = ?',
      contractRef,
      receivedOn,
    )
}

/** The statements that tell the database of them. */
export const tellLate = (db: Db, late: readonly LateContract[]): Statement[] =>
  late.map((one) =>
    db
      .insert(lateUsage)
      .values(one)
      .onConflictDoUpdate({
        target: lateUsage.contractRef,
        set: { receivedOn: sql`max(${lateUsage.receivedOn}, excluded.received_on)` },
      }),
  )

/** Those of contracts for which usage may have come since their last boundary that is not on its invoice. */
export async function contractsWithLateUsage(
  db: Db,
  contracts: readonly Pick<Contract, 'ref' | 'nextCycle' | 'terms'>[],
): Promise<Set<string>> {
  if (contracts.length === 0) return new Set()
  const { contractRef, receivedOn } = lateUsage
  const refs = contracts.map(({ ref }) => ref)
  const rows = await db.select({ contractRef, receivedOn }).from(lateUsage).where(inList(contractRef, refs))
  const received = new Map(rows.map((row) => [row.contractRef, row.receivedOn]))
  const isLate = ({ ref, nextCycle, terms }: (typeof contracts)[number]): boolean => {
    const last = received.get(ref)
    return last !== undefined && last >= dayOf(instantOf(terms, boundaryDate(terms, nextCycle - 1)))
  }
  return new Set(contracts.filter(isLate).map(({ ref }) => ref))
}
