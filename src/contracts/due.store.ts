import { and, isNotNull, lte, sql } from 'drizzle-orm'
import type { Db } from '../storage/db.store.ts'
import { contracts } from './contracts.schema.ts'

/** Contracts whose next invoice is due to be made at `now`, claimed or not. */
export async function countDueContracts(db: Db, now: number): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)` })
    .from(contracts)
    .where(and(isNotNull(contracts.nextCloseAt), lte(contracts.nextCloseAt, now)))
  return row?.count ?? 0
}

/** When the next invoice of any contract is due to be made. */
export async function nextCloseAt(db: Db): Promise<number | null> {
  const [row] = await db.select({ at: sql<number | null>`min(${contracts.nextCloseAt})` }).from(contracts)
  return row?.at ?? null
}
