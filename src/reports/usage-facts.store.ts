import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { UsagePolicy } from '../catalog/product.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Fact } from '../revenue/accounting/facts.ts'
import { revenueContracts, revenueFacts } from '../revenue/revenue.schema.ts'
import { type Db, inList } from '../storage/db.store.ts'
import type { Scope } from './ledger-sums.store.ts'

/** Contracts that are asked about at once. */
const PAGE_CONTRACTS = 500

/**
 * What holds on a day of what was stated about the usage of contracts: of each policy and each estimate the one from the
 * latest day, in the order in which they were stated.
 */
export async function usageFactsOn(
  db: Db,
  asOf: LocalDate,
  contractRefs: readonly string[],
): Promise<Map<string, Fact[]>> {
  const facts: Fact[] = []
  for (let from = 0; from < contractRefs.length; from += PAGE_CONTRACTS)
    facts.push(...(await latestFacts(db, asOf, contractRefs.slice(from, from + PAGE_CONTRACTS))))
  return Map.groupBy(facts, ({ contractRef }) => contractRef)
}

async function latestFacts(db: Db, asOf: LocalDate, contractRefs: readonly string[]): Promise<Fact[]> {
  const { id, contractRef, effectiveDate, body, reason, createdAt } = revenueFacts
  const kind = sql`${body} ->> 'kind'`
  const name = sql`COALESCE(${body} ->> 'key', ${body} ->> 'product_ref')`
  const place = sql<number>`ROW_NUMBER() OVER (PARTITION BY ${contractRef}, ${kind}, ${name}
    ORDER BY ${effectiveDate} DESC, ${createdAt} DESC, ${id} DESC)`
  const stated = db
    .select({ id, contractRef, effectiveDate, body, reason, createdAt, place: place.as('place') })
    .from(revenueFacts)
    .where(
      and(
        inList(contractRef, contractRefs),
        lte(effectiveDate, asOf),
        sql`(${kind} = 'usage_policy' OR (${kind} = 'estimate' AND ${body} ->> 'target' IS NOT NULL))`,
      ),
    )
    .as('stated')
  const rows = await db
    .select()
    .from(stated)
    .where(eq(stated.place, 1))
    .orderBy(asc(stated.createdAt), asc(stated.id))
  return rows.map(({ place: _, id: __, ...fact }) => fact)
}

/** The policies that products were set to when contracts were planned with them, as far as they were set at all. */
export async function plannedPolicies(
  db: Db,
  { entityRef }: Scope,
): Promise<Map<string, Map<string, UsagePolicy>>> {
  const { ref, products } = revenueContracts
  const policy = sql<UsagePolicy>`product.value ->> '$.revenue.usage_policy'`
  const rows = await db
    .select({ contractRef: ref, productRef: sql<string>`product.value ->> 'ref'`, policy })
    .from(revenueContracts)
    .crossJoin(sql`json_each(${products}) AS product`)
    .where(
      and(
        sql`${policy} IS NOT NULL`,
        entityRef === undefined ? undefined : eq(revenueContracts.entityRef, entityRef),
      ),
    )
  const byContract = Map.groupBy(rows, ({ contractRef }) => contractRef)
  return new Map(
    [...byContract].map(([contractRef, own]) => [
      contractRef,
      new Map(own.map((row) => [row.productRef, row.policy])),
    ]),
  )
}
