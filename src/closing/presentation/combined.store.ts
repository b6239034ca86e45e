import { and, eq, inArray, ne } from 'drizzle-orm'
import { revenueContracts } from '../../revenue/revenue.schema.ts'
import type { Db } from '../../storage/db.store.ts'

/** The contracts of a legal entity, or of all, that are accounted for as one with others: by contract, the first of those. */
export async function combinedContracts(db: Db, entityRef?: string): Promise<Map<string, string>> {
  const { ref, groupRef } = revenueContracts
  const joined = db
    .select({ groupRef })
    .from(revenueContracts)
    .where(
      and(entityRef === undefined ? undefined : eq(revenueContracts.entityRef, entityRef), ne(groupRef, ref)),
    )
  const rows = await db.select({ ref, groupRef }).from(revenueContracts).where(inArray(groupRef, joined))
  return new Map(rows.map((row) => [row.ref, row.groupRef]))
}
