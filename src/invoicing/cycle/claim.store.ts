import { and, asc, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Contract } from '../../contracts/contract.ts'
import { contracts } from '../../contracts/contracts.schema.ts'
import type { Instant } from '../../kernel/calendar.ts'
import type { Db } from '../../storage/db.store.ts'

type Claim = { token: string; until: Instant }

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
