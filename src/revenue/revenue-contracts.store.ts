import { and, asc, eq, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import type { Page, Paged } from '../kernel/page.ts'
import { journalEntries, postings } from '../ledger/ledger.schema.ts'
import { type Db, inList } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import type { ProductPosition } from './accounting/contract-view.ts'
import { revenueContracts } from './revenue.schema.ts'

export type RevenueContract = typeof revenueContracts.$inferSelect

/** Groups with a contract that was signed, amended or told of since it was planned. */
export async function groupsToPlan(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .selectDistinct({ ref: revenueContracts.groupRef })
    .from(revenueContracts)
    .where(sql`${revenueContracts.stale} = 1`)
    .limit(limit)
  return rows.map(({ ref }) => ref)
}

export async function findRevenueContract(db: Db, ref: string): Promise<RevenueContract | undefined> {
  const [row] = await db.select().from(revenueContracts).where(eq(revenueContracts.ref, ref))
  return row
}

export const listRevenueContracts = (
  db: Db,
  page: Page & { entityRef?: string | undefined },
): Promise<Paged<RevenueContract>> =>
  newestFirst(
    db,
    revenueContracts,
    page,
    page.entityRef === undefined ? undefined : eq(revenueContracts.entityRef, page.entityRef),
  )

/** The contracts of each of these contracts' groups, the one first that the group is named by. */
export async function groupsOf(db: Db, rows: readonly RevenueContract[]): Promise<Map<string, string[]>> {
  const { ref, groupRef } = revenueContracts
  const members = await db
    .select({ ref, groupRef })
    .from(revenueContracts)
    .where(
      inList(
        groupRef,
        rows.map((row) => row.groupRef),
      ),
    )
    .orderBy(sql`${ref} <> ${groupRef}`, asc(ref))
  const groups = Map.groupBy(members, (member) => member.groupRef)
  return new Map([...groups].map(([group, own]) => [group, own.map((member) => member.ref)]))
}

/** What the books hold on the positions of these contracts, product by product, in credit positive. */
export async function productPositions(db: Db, refs: readonly string[]): Promise<ProductPosition[]> {
  const rows = await db
    .select({
      net: sql<string>`CAST(-SUM(${postings.amount}) AS TEXT)`,
      kind: products.kind,
    })
    .from(postings)
    .innerJoin(journalEntries, eq(journalEntries.id, postings.entryId))
    .leftJoin(products, eq(products.ref, postings.productRef))
    .where(
      and(
        inList(postings.contractRef, refs),
        // The plus keeps their index from reading the whole account.
        sql`+${postings.account} = 'contract_position'`,
        eq(journalEntries.book, 'primary'),
      ),
    )
    .groupBy(postings.contractRef, postings.productRef)
  return rows.map(({ net, kind }) => ({ net: BigInt(net), isUsage: kind === 'usage' }))
}
