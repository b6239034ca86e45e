import { eq, sql } from 'drizzle-orm'
import { type Db, inList, type Statement } from '../storage/db.store.ts'
import type { AccountRole } from './account.ts'
import { type AccountLabel, type ChartOfAccounts, chartOf, DEFAULT_CHART } from './chart-of-accounts.ts'
import { accountNames } from './ledger.schema.ts'

export type NamedAccount = { role: AccountRole } & AccountLabel

/** The chart of one entity's accounts; the default one where no entity is asked for. */
export async function chartOfEntity(db: Db, entityRef: string | undefined): Promise<ChartOfAccounts> {
  if (entityRef === undefined) return DEFAULT_CHART
  return chartOf(await db.select().from(accountNames).where(eq(accountNames.entityRef, entityRef)))
}

/** The charts of the entities that named any of their accounts. */
export async function chartsOf(db: Db, entityRefs: readonly string[]): Promise<Map<string, ChartOfAccounts>> {
  const rows = await db.select().from(accountNames).where(inList(accountNames.entityRef, entityRefs))
  return new Map(
    [...Map.groupBy(rows, ({ entityRef }) => entityRef)].map(([ref, named]) => [ref, chartOf(named)]),
  )
}

export const nameAccount = (db: Db, entityRef: string, { role, number, name }: NamedAccount): Statement =>
  db
    .insert(accountNames)
    .values({ entityRef, role, number, name })
    .onConflictDoUpdate({
      target: [accountNames.entityRef, accountNames.role],
      set: { number: sql`excluded.number`, name: sql`excluded.name` },
    })
