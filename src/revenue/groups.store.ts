import { asc, sql } from 'drizzle-orm'
import { findProducts, type Product } from '../catalog/catalog.store.ts'
import { contractVersions } from '../contracts/contracts.schema.ts'
import { findEntities } from '../customers/customers.store.ts'
import { type Db, inList } from '../storage/db.store.ts'
import type { PinnedProduct } from './accounting/coverage.ts'
import type { Group, GroupMember } from './accounting/group.ts'
import { factsAbout } from './facts.store.ts'
import { revenueContracts } from './revenue.schema.ts'
import type { RevenueContract } from './revenue-contracts.store.ts'
import { booksOf } from './ssp.store.ts'

/** Everything that the plans of these groups follow from; a group without terms or a legal entity is left out. */
export async function readGroups(db: Db, groupRefs: readonly string[]): Promise<Group<RevenueContract>[]> {
  const rows = await db
    .select()
    .from(revenueContracts)
    .where(inList(revenueContracts.groupRef, groupRefs))
    .orderBy(sql`${revenueContracts.ref} <> ${revenueContracts.groupRef}`, asc(revenueContracts.ref))
  const refs = rows.map(({ ref }) => ref)
  const entityRefs = [...new Set(rows.map(({ entityRef }) => entityRef))]
  const [versions, facts, entities, books] = await Promise.all([
    versionsOf(db, refs),
    factsAbout(db, refs),
    findEntities(db, entityRefs),
    booksOf(db, entityRefs),
  ])
  const sold = versions.flatMap(({ terms }) => terms.products.map(({ product_ref }) => product_ref))
  const catalogue = await pinnable(db, [...new Set(sold)])
  return groupRefs.flatMap((ref) => {
    const own = rows.filter(({ groupRef }) => groupRef === ref)
    const [first, ...others] = own.flatMap((row) => withTerms(row, versions))
    const entity = entities.get(own[0]?.entityRef ?? '')
    if (!first || !entity) return []
    return {
      ref,
      members: [first, ...others],
      catalogue,
      books: books.filter(({ entityRef }) => entityRef === entity.ref),
      facts: facts.filter(({ contractRef }) => own.some((row) => row.ref === contractRef)),
      entity,
    }
  })
}

type VersionRow = Awaited<ReturnType<typeof versionsOf>>[number]

/** The contract from its signed version on. */
function withTerms(row: RevenueContract, versions: readonly VersionRow[]): GroupMember<RevenueContract>[] {
  const [signed, ...later] = versions.filter(
    ({ contractRef, version }) => contractRef === row.ref && version >= row.signedVersion,
  )
  return signed ? [{ row, versions: [signed, ...later] }] : []
}

const versionsOf = (db: Db, refs: readonly string[]) => {
  const { contractRef, version, effectiveDate, terms, createdAt } = contractVersions
  return db
    .select({ contractRef, version, effectiveDate, terms, createdAt })
    .from(contractVersions)
    .where(inList(contractRef, refs))
    .orderBy(asc(contractRef), asc(version))
}

/** Credit is no promise of its contract: what it is used for is. */
async function pinnable(db: Db, refs: readonly string[]): Promise<Map<string, PinnedProduct>> {
  const products = await findProducts(db, refs)
  const earned = [...products].filter(([, { grantsCredit }]) => !grantsCredit)
  return new Map(earned.map(([ref, product]) => [ref, pin(product)]))
}

const pin = ({ ref, name, kind, taxCode, recognition, revenue }: Product): PinnedProduct => ({
  ref,
  name,
  kind,
  taxCode,
  recognition,
  revenue: revenue ?? {},
})
