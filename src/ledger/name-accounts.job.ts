import { type Actor, audit } from '../access/access.store.ts'
import { findEntity } from '../customers/customers.store.ts'
import { notFound } from '../kernel/problem.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { chartOfEntity, type NamedAccount, nameAccount } from './accounts.store.ts'
import { type ChartOfAccounts, labelOf } from './chart-of-accounts.ts'

/**
 * Gives roles of an entity's chart their number and name; roles that are not named stay as they are. Entries keep
 * their roles, so what was posted before is shown under the label, too. Throws `entity_not_found`.
 */
export async function nameAccounts(
  db: Db,
  actor: Actor,
  entityRef: string,
  accounts: readonly NamedAccount[],
): Promise<ChartOfAccounts> {
  if (!(await findEntity(db, entityRef))) throw notFound('entity', entityRef)
  const before = await chartOfEntity(db, entityRef)
  const changed = accounts.filter(({ role, number, name }) => {
    const label = labelOf(before, role)
    return label.number !== number || label.name !== name
  })
  await commit(
    db,
    changed.flatMap((account) => [
      nameAccount(db, entityRef, account),
      ...audit(db, actor, {
        action: 'account.name',
        subject: entityRef,
        before: { role: account.role, ...labelOf(before, account.role) },
        after: account,
      }),
    ]),
  )
  return chartOfEntity(db, entityRef)
}
