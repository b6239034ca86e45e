import { asc, eq, sql } from 'drizzle-orm'
import { type Db, inList, insertRows, type Statement } from '../storage/db.store.ts'
import { creditPricesOf } from './credit-prices.store.ts'
import { priceCutsOf } from './price-cuts.store.ts'
import { revenueContracts, revenueFacts } from './revenue.schema.ts'

export type RevenueFact = typeof revenueFacts.$inferSelect

/** What was stated of these contracts, in the order in which it was. */
export const statedAbout = (db: Db, refs: readonly string[]): Promise<RevenueFact[]> =>
  db
    .select()
    .from(revenueFacts)
    .where(inList(revenueFacts.contractRef, refs))
    .orderBy(asc(revenueFacts.createdAt), asc(revenueFacts.id))

/** What is known of these contracts: what was stated, and what credit notes and credit make of their prices. */
export async function factsAbout(db: Db, refs: readonly string[]): Promise<RevenueFact[]> {
  const [stated, credited, paid] = await Promise.all([
    statedAbout(db, refs),
    priceCutsOf(db, refs),
    creditPricesOf(db, refs),
  ])
  return [...stated, ...credited, ...paid].sort((a, b) => a.createdAt - b.createdAt)
}

export async function findFact(db: Db, id: string): Promise<RevenueFact | undefined> {
  const [row] = await db.select().from(revenueFacts).where(eq(revenueFacts.id, id))
  return row
}

export const insertFact = (db: Db, fact: RevenueFact): Statement[] => insertRows(db, revenueFacts, [fact])

/** Makes contracts members of the group of another, to be planned with it. */
export const joinGroup = (db: Db, groupRef: string, refs: readonly string[]): Statement =>
  db
    .update(revenueContracts)
    .set({ groupRef, stale: true, step: sql`${revenueContracts.step} + 1` })
    .where(inList(revenueContracts.ref, refs))
