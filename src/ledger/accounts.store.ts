import { eq, sql } from 'drizzle-orm'
import { customers } from '../customers/customers.schema.ts'
import { type Db, inList, type Statement } from '../storage/db.store.ts'
import type { AccountRole } from './account.ts'
import { type ChartAccount, type ChartOfAccounts, chartOf, DEFAULT_CHART } from './chart-of-accounts.ts'
import { type CustomerFields, readsCustomerFields } from './dimension.ts'
import { accountNames } from './ledger.schema.ts'

export type NamedAccount = { role: AccountRole } & ChartAccount

/** The chart of one entity's accounts; the default one where no entity is asked for. */
export async function chartOfEntity(db: Db, entityRef: string | undefined): Promise<ChartOfAccounts> {
  if (entityRef === undefined) return DEFAULT_CHART
  return (await chartsOf(db, entityRef)).get(entityRef) ?? DEFAULT_CHART
}

/** The charts of the entities that named any of their accounts; of one, or of all. */
export async function chartsOf(db: Db, entityRef?: string): Promise<Map<string, ChartOfAccounts>> {
  const own = entityRef === undefined ? undefined : eq(accountNames.entityRef, entityRef)
  const rows = await db.select().from(accountNames).where(own)
  return new Map(
    [...Map.groupBy(rows, ({ entityRef }) => entityRef)].map(([ref, named]) => [ref, chartOf(named)]),
  )
}

export const nameAccount = (
  db: Db,
  entityRef: string,
  { role, number, name, dimensions }: NamedAccount,
): Statement =>
  db
    .insert(accountNames)
    .values({ entityRef, role, number, name, dimensions })
    .onConflictDoUpdate({
      target: [accountNames.entityRef, accountNames.role],
      set: {
        number: sql`excluded.number`,
        name: sql`excluded.name`,
        dimensions: sql`excluded.dimensions`,
      },
    })

/** What the customers that postings name are called. */
export async function customerNamesFor(
  db: Db,
  postings: readonly { customerRef: string | null }[],
): Promise<Map<string, string>> {
  const refs = [...new Set(postings.flatMap(({ customerRef }) => customerRef ?? []))]
  const { ref, name } = customers
  const rows = await db.select({ ref, name }).from(customers).where(inList(ref, refs))
  return new Map(rows.map((row) => [row.ref, row.name]))
}

/** The custom fields of the customers that postings name, where a chart takes values from them. */
export async function customerFieldsFor(
  db: Db,
  charts: readonly ChartOfAccounts[],
  postings: readonly { customerRef: string | null }[],
): Promise<CustomerFields> {
  if (!readsCustomerFields(charts.flatMap((chart) => [...chart.values()]))) return new Map()
  const refs = [...new Set(postings.flatMap(({ customerRef }) => customerRef ?? []))]
  const { ref, customFields } = customers
  const rows = await db.select({ ref, customFields }).from(customers).where(inList(ref, refs))
  return new Map(rows.map((row) => [row.ref, row.customFields]))
}
