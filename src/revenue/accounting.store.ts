import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { findProducts, type Product } from '../catalog/catalog.store.ts'
import { contractVersions } from '../contracts/contracts.schema.ts'
import { findEntities } from '../customers/customers.store.ts'
import type { Page, Paged } from '../kernel/page.ts'
import { journalEntries, postings } from '../ledger/ledger.schema.ts'
import { type Db, inList, insertRows, type Statement } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import type { ProductPosition } from './accounting/contract-view.ts'
import type { PinnedProduct } from './accounting/coverage.ts'
import type { Group, GroupMember } from './accounting/group.ts'
import type { GroupPlan } from './accounting/plan-group.ts'
import type { Posted } from './accounting/schedule-of.ts'
import { factsAbout } from './facts.store.ts'
import { revenueContracts, revenueScheduleEntries, revenueSchedules } from './revenue.schema.ts'
import { requireCount } from './revenue.store.ts'
import { booksOf } from './ssp.store.ts'

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
        eq(postings.account, 'contract_position'),
        eq(journalEntries.book, 'primary'),
      ),
    )
    .groupBy(postings.contractRef, postings.productRef)
  return rows.map(({ net, kind }) => ({ net: BigInt(net), isUsage: kind === 'usage' }))
}

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

async function pinnable(db: Db, refs: readonly string[]): Promise<Map<string, PinnedProduct>> {
  const products = await findProducts(db, refs)
  return new Map([...products].map(([ref, product]) => [ref, pin(product)]))
}

const pin = ({ ref, name, kind, taxCode, recognition, revenue }: Product): PinnedProduct => ({
  ref,
  name,
  kind,
  taxCode,
  recognition,
  revenue: revenue ?? {},
})

/** What was posted of the obligations of these contracts. */
export const postedOf = (db: Db, refs: readonly string[]): Promise<(Posted & { contractRef: string })[]> => {
  const { lineId, postingDate, amount, cause } = revenueScheduleEntries
  return db
    .select({ lineId, postingDate, amount, cause, contractRef: revenueSchedules.contractRef })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, lineId))
    .where(and(ofObligations(refs), isPosted))
}

/** The plus signs keep SQLite from reading all obligations, or all that is not posted, by an index of their own. */
const ofObligations = (refs: readonly string[]) =>
  and(inList(revenueSchedules.contractRef, refs), sql`+${revenueSchedules.invoiceId} IS NULL`)
const isPosted = sql`+${revenueScheduleEntries.postedAt} IS NOT NULL`
const isNotPosted = sql`+${revenueScheduleEntries.postedAt} IS NULL`

/**
 * The statements that write plans in place of those before. The batch fails where another run planned one of the groups,
 * or posted of it, since it was read (`isPlanChanged`).
 */
export function writePlans(
  db: Db,
  plans: readonly GroupPlan<RevenueContract>[],
  posted: readonly { contractRef: string }[],
): Statement[] {
  const planned = plans.flatMap((plan) => plan.planned ?? [])
  const refs = plans.flatMap((plan) => (plan.planned ? plan.members.map(({ row }) => row.ref) : []))
  const schedules = planned.flatMap((plan) => plan.schedules)
  const entryOf = sql`${revenueScheduleEntries.lineId} IN (
    SELECT ${revenueSchedules.lineId} FROM ${revenueSchedules} WHERE ${ofObligations(refs)})`
  const counted = posted.filter(({ contractRef }) => refs.includes(contractRef)).length
  return [
    requireCount(db, and(entryOf, isPosted), counted),
    db.delete(revenueScheduleEntries).where(and(entryOf, isNotPosted)),
    db
      .delete(revenueSchedules)
      .where(inArray(revenueSchedules.lineId, idList(schedules.map(({ lineId }) => lineId)))),
    ...insertRows(db, revenueSchedules, schedules),
    ...insertRows(
      db,
      revenueScheduleEntries,
      planned.flatMap((plan) => plan.entries),
    ),
    markPlanned(db, plans),
  ]
}

/** Groups that cannot be read wait for nothing: their lines follow themselves, and they say why. */
export const giveUp = (db: Db, groupRefs: readonly string[]): Statement[] =>
  groupRefs.length === 0
    ? []
    : [
        db
          .update(revenueContracts)
          .set({
            stale: false,
            step: sql`${revenueContracts.step} + 1`,
            problem: 'The contract has no signed terms, or its legal entity is not set up.',
          })
          .where(inList(revenueContracts.groupRef, groupRefs)),
      ]

const idList = (ids: readonly string[]) => sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`

/** A trigger refuses a step that someone else has taken meanwhile. */
function markPlanned(db: Db, plans: readonly GroupPlan<RevenueContract>[]): Statement {
  const rows = plans
    .flatMap(({ members }) => members)
    .map(({ row, decided, problem }) => ({ ...decided, ref: row.ref, step: row.step + 1, problem }))
  const field = (name: string) => sql`json_extract(planned.value, ${sql.raw(`'$.${name}'`)})`
  return db
    .update(revenueContracts)
    .set({
      basis: field('basis'),
      basisReason: field('basisReason'),
      products: field('products'),
      covers: field('covers'),
      problem: field('problem'),
      stale: sql`0`,
      step: field('step'),
    })
    .from(sql`json_each(${JSON.stringify(rows)}) AS planned`)
    .where(sql`${revenueContracts.ref} = ${field('ref')}`)
}
