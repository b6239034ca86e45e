import { and, asc, eq, lt, type SQL, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { customers, legalEntities } from '../customers/customers.schema.ts'
import { journalEntries, postings } from '../ledger/ledger.schema.ts'
import type { Db } from '../storage/db.store.ts'
import { creditSum, postedWithin, type Scope } from './ledger-sums.store.ts'
import type { DayRevenue, EarlierRevenue, Group, GroupRevenue } from './revenue-figures.ts'
import type { Span } from './span.ts'

const { postingDate, currency, belongsTo } = journalEntries

export async function revenueByDay(db: Db, { from, to, entityRef }: Span & Scope): Promise<DayRevenue[]> {
  const rows = await db
    .select({ currency, day: postingDate, revenue: creditSum })
    .from(journalEntries)
    .crossJoin(postings)
    .where(postedWithin('revenue', { from, to, entityRef }))
    .groupBy(currency, postingDate)
    .orderBy(asc(currency), asc(postingDate))
  return rows.map((row) => ({ ...row, revenue: BigInt(row.revenue) }))
}

/** The key and the name of each way to tell revenue apart. */
const GROUPED: Record<Group, { key: SQL<string>; name: SQL<string> }> = {
  product: {
    key: sql`COALESCE(${postings.productRef}, '')`,
    name: sql`COALESCE(MAX(${products.name}), ${postings.productRef}, '')`,
  },
  country: {
    key: sql`COALESCE(${customers.country}, '')`,
    name: sql`COALESCE(${customers.country}, '')`,
  },
  entity: {
    key: sql`${journalEntries.entityRef}`,
    name: sql`COALESCE(MAX(${legalEntities.name}), ${journalEntries.entityRef})`,
  },
  timing: {
    key: sql`IIF(${products.recognition} IN ('point_in_time', 'milestone'), 'point_in_time', 'over_time')`,
    name: sql`IIF(${products.recognition} IN ('point_in_time', 'milestone'), 'Point in time', 'Over time')`,
  },
}

export async function revenueGroups(
  db: Db,
  { from, to, entityRef }: Span & Scope,
  group: Group,
): Promise<GroupRevenue[]> {
  const { key, name } = GROUPED[group]
  const rows = await db
    .select({ currency, key: key.as('key'), name: name.as('name'), revenue: creditSum })
    .from(journalEntries)
    .crossJoin(postings)
    .leftJoin(products, eq(products.ref, postings.productRef))
    .leftJoin(customers, eq(customers.ref, postings.customerRef))
    .leftJoin(legalEntities, eq(legalEntities.ref, journalEntries.entityRef))
    .where(postedWithin('revenue', { from, to, entityRef }))
    .groupBy(currency, key)
  return rows.map((row) => ({ ...row, revenue: BigInt(row.revenue) }))
}

/** Revenue that stands in the span, and belongs to days before it. */
export async function earlierRevenue(
  db: Db,
  { from, to, entityRef }: Span & Scope,
): Promise<EarlierRevenue[]> {
  const serviceMonth = sql<string>`substr(${belongsTo}, 1, 7)`
  const contractRef = sql<string>`COALESCE(${postings.contractRef}, '')`
  const productRef = sql<string>`COALESCE(${postings.productRef}, '')`
  const rows = await db
    .select({
      currency,
      contractRef,
      productRef,
      serviceMonth,
      customerRef: sql<string>`COALESCE(MAX(${postings.customerRef}), '')`,
      revenue: creditSum,
    })
    .from(journalEntries)
    .crossJoin(postings)
    .where(and(postedWithin('revenue', { from, to, entityRef }), lt(belongsTo, from)))
    .groupBy(currency, contractRef, productRef, serviceMonth)
    .orderBy(asc(currency), asc(contractRef), asc(productRef), asc(serviceMonth))
  return rows.map((row) => ({ ...row, revenue: BigInt(row.revenue) }))
}
