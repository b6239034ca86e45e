import { type Actor, audit } from '../access/access.store.ts'
import { conflict } from '../kernel/problem.ts'
import { commit, type Db, isRefusedBy } from '../storage/db.store.ts'
import { changesOf } from '../storage/edit.store.ts'
import { type Customer, type LegalEntity, updateCustomer, updateEntity } from './customers.store.ts'
import { refuseUnknownEntity } from './register.job.ts'

/** Corrects a customer; invoices keep what they were issued with. Throws `entity_not_found`. */
export async function editCustomer(db: Db, actor: Actor, before: Customer, after: Customer): Promise<void> {
  const changes = changesOf(before, after)
  if (Object.keys(changes).length === 0) return
  await refuseUnknownEntity(db, after)
  await commit(db, [
    ...updateCustomer(db, before.ref, changes),
    ...audit(db, actor, { action: 'customer.edit', subject: before.ref, before, after }),
  ])
}

/**
 * Corrects a legal entity. Throws `entity_has_issued` where books and document numbers rest on what would change, and
 * `token_in_use` where money could come to an address that nobody would watch any more.
 */
export async function editEntity(
  db: Db,
  actor: Actor,
  before: LegalEntity,
  after: LegalEntity,
): Promise<void> {
  const changes = changesOf(before, after)
  if (Object.keys(changes).length === 0) return
  await orEntityFixed(
    before.ref,
    commit(db, [
      ...updateEntity(db, before.ref, changes),
      ...audit(db, actor, { action: 'entity.edit', subject: before.ref, before, after }),
    ]),
  )
}

/** Waits for a commit that may change an entity; tells what of it is fixed by what it has issued and given out. */
export async function orEntityFixed(ref: string, committed: Promise<void>): Promise<void> {
  try {
    await committed
  } catch (error) {
    if (isRefusedBy(error, 'tokens of given-out addresses stay')) {
      throw conflict(
        'token_in_use',
        `The entity "${ref}" has given out deposit addresses: each token of its wallets stays in the list. Add others beside them.`,
      )
    }
    if (isRefusedBy(error, 'entity has books')) {
      throw conflict(
        'entity_has_books',
        `The entity "${ref}" has journal entries: the currency that they are measured in stays. Set up another entity.`,
      )
    }
    if (!isRefusedBy(error, 'entity has issued invoices')) throw error
    throw conflict(
      'entity_has_issued',
      `The entity "${ref}" has issued invoices: its currency, framework and invoice_series stay. Set up another entity for new ones.`,
    )
  }
}
