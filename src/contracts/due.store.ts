import { and, asc, isNull, lte, or, sql } from 'drizzle-orm'
import type { Db } from '../storage/db.store.ts'
import type { Contract } from './contract.ts'
import { contracts } from './contracts.schema.ts'
import { contractColumns } from './contracts.store.ts'

/** Contracts whose next invoice is due to be made at `now`, claimed or not. */
export async function countDueContracts(db: Db, now: number): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)` })
    .from(contracts)
    .where(or(lte(contracts.nextCloseAt, now), lte(contracts.billsChangeAt, now)))
  return row?.count ?? 0
}

/** Contracts that renew by themselves at `now` or earlier, and that nobody is invoicing; the longest due come first. */
export const contractsToRenew = (db: Db, now: number, limit: number): Promise<Contract[]> =>
  db
    .select(contractColumns)
    .from(contracts)
    .where(
      and(lte(contracts.renewsAt, now), or(isNull(contracts.claimedUntil), lte(contracts.claimedUntil, now))),
    )
    .orderBy(asc(contracts.renewsAt))
    .limit(limit)

/** When the next invoice of any contract is due to be made, at a boundary or for a change inside a cycle. */
export async function nextCloseAt(db: Db): Promise<number | null> {
  const [row] = await db
    .select({
      boundary: sql<number | null>`min(${contracts.nextCloseAt})`,
      change: sql<number | null>`min(${contracts.billsChangeAt})`,
    })
    .from(contracts)
  const moments = [row?.boundary, row?.change].filter((at) => at != null)
  return moments.length === 0 ? null : Math.min(...moments)
}
