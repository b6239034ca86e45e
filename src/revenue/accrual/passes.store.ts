import { and, asc, eq, gt, isNotNull, ne, sql } from 'drizzle-orm'
import type { Contract } from '../../contracts/contract.ts'
import { contracts } from '../../contracts/contracts.schema.ts'
import { contractColumns } from '../../contracts/contracts.store.ts'
import { legalEntities } from '../../customers/customers.schema.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import { accrualPasses } from './accrual.schema.ts'

export type AccrualPass = typeof accrualPasses.$inferSelect

/** A legal entity with its latest accrual. */
export type Accruing = { ref: string; timezone: string; pass: AccrualPass | null }

/** Every legal entity, or some, in the order of their refs. */
export const accruingEntities = (db: Db, entityRefs?: readonly string[]): Promise<Accruing[]> =>
  db
    .select({ ref: legalEntities.ref, timezone: legalEntities.timezone, pass: accrualPasses })
    .from(legalEntities)
    .leftJoin(accrualPasses, eq(accrualPasses.entityRef, legalEntities.ref))
    .where(entityRefs && inList(legalEntities.ref, entityRefs))
    .orderBy(asc(legalEntities.ref))

/** Keeps how far a pass has come; false, and nothing is kept, where another run has moved it since it was read. */
export async function movePass(db: Db, read: AccrualPass | null, pass: AccrualPass): Promise<boolean> {
  const { entityRef, month, throughRef, isAwaited, doneAt } = accrualPasses
  const kept = await db
    .insert(accrualPasses)
    .values(pass)
    .onConflictDoUpdate({
      target: entityRef,
      set: pass,
      // No row was read: one that is there by now is another run's.
      setWhere: read
        ? sql`(${month}, ${throughRef}, ${isAwaited}) = (${read.month}, ${read.throughRef}, ${Number(read.isAwaited)})
            AND ${doneAt} IS ${read.doneAt}`
        : sql`false`,
    })
    .returning({ entityRef })
  return kept.length > 0
}

/** The contracts of an entity that have an invoice to come, after one and in the order of their refs. */
export const contractsAfter = (
  db: Db,
  { entityRef, throughRef }: Pick<AccrualPass, 'entityRef' | 'throughRef'>,
  limit: number,
): Promise<Contract[]> =>
  db
    .select(contractColumns)
    .from(contracts)
    .where(
      and(
        eq(contracts.entityRef, entityRef),
        gt(contracts.ref, throughRef),
        ne(contracts.status, 'draft'),
        isNotNull(contracts.nextCloseAt),
      ),
    )
    .orderBy(asc(contracts.ref))
    .limit(limit)
