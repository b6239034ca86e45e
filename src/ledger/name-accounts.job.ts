import { type Actor, audit } from '../access/access.store.ts'
import { findEntity } from '../customers/customers.store.ts'
import { notFound } from '../kernel/problem.ts'
import { commit, type Db } from '../storage/db.store.ts'
import type { AccountRole } from './account.ts'
import { chartOfEntity, type NamedAccount, nameAccount } from './accounts.store.ts'
import { type AccountLabel, accountIn, type ChartOfAccounts } from './chart-of-accounts.ts'
import type { DimensionRules } from './dimension.ts'

/** What an account is to be called; without `dimensions` it keeps those that it has. */
export type AccountChange = { role: AccountRole; dimensions?: DimensionRules | undefined } & AccountLabel

/**
 * Gives roles of an entity's chart their number, name and dimensions; roles that are not named stay as they are. Entries
 * keep their roles, so what was posted before is shown under the label, too. Throws `entity_not_found`.
 */
export async function nameAccounts(
  db: Db,
  actor: Actor,
  entityRef: string,
  accounts: readonly AccountChange[],
): Promise<ChartOfAccounts> {
  if (!(await findEntity(db, entityRef))) throw notFound('entity', entityRef)
  const chart = await chartOfEntity(db, entityRef)
  const changes = accounts.map(({ role, number, name, dimensions }) => {
    const before: NamedAccount = { role, ...accountIn(chart, role) }
    return { before, after: { role, number, name, dimensions: dimensions ?? before.dimensions } }
  })
  await commit(
    db,
    changes
      .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
      .flatMap(({ before, after }) => [
        nameAccount(db, entityRef, after),
        ...audit(db, actor, { action: 'account.name', subject: entityRef, before, after }),
      ]),
  )
  return chartOfEntity(db, entityRef)
}
