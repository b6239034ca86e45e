import { type Actor, audit } from '../access/access.store.ts'
import { findCustomer, findEntity } from '../customers/customers.store.ts'
import { randomId } from '../kernel/id.ts'
import { invalid, notFound } from '../kernel/problem.ts'
import { NOTHING_CLOSED } from '../ledger/accounting-period.ts'
import { postEntries } from '../ledger/ledger.store.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { type Registered, register, sameContent } from '../storage/register.store.ts'
import { soldEntries } from './credit-entry.ts'
import { findCredit, insertGrants } from './credits.store.ts'
import type { CreditGrant } from './grant.ts'
import { faultsOfGrant } from './grant-faults.ts'
import { type GrantContext, type GrantRequest, grantOf } from './read-grant.ts'

export type GrantOrder = GrantRequest & {
  credit_ref?: string | undefined
  customer_ref: string
  entity_ref?: string | undefined
}

/**
 * Grants credit to a customer. The same reference with the same content again changes nothing. Throws `invalid_credit`
 * with all that does not fit, and `customer_not_found` or `entity_not_found`.
 */
export async function grantCredit(db: Db, actor: Actor, order: GrantOrder): Promise<Registered<CreditGrant>> {
  const faults = faultsOfGrant(order, actor.now)
  if (faults.length > 0) {
    throw invalid('invalid_credit', 'This credit cannot be granted; each fault is named in "errors".', faults)
  }
  const context = await contextOf(db, order, actor.now)
  const row = grantOf(order, context)
  return register({
    what: 'credit',
    row,
    find: async () => (await findCredit(db, row.ref))?.state.grant,
    // What the caller leaves to the day of the grant is the same on the day that it was granted.
    isSame: (existing) => sameContent(existing, grantOf(order, { ...context, now: existing.createdAt })),
    insert: () =>
      commit(db, [
        ...insertGrants(db, [row]),
        ...postEntries(db, soldEntries(row, actor.principal.label), NOTHING_CLOSED),
        ...audit(db, actor, { action: 'credit.grant', subject: row.ref, after: order }),
      ]),
  })
}

/** The seller is the customer's own unless another is named. */
async function contextOf(db: Db, order: GrantOrder, now: number): Promise<GrantContext> {
  const customer = await findCustomer(db, order.customer_ref)
  if (!customer) throw notFound('customer', order.customer_ref)
  const entityRef = order.entity_ref ?? customer.entityRef
  if (entityRef === null) {
    const message = 'must name the seller, since the customer has none'
    throw invalid('entity_missing', `A credit ${message}.`, [{ path: 'entity_ref', message }])
  }
  const entity = await findEntity(db, entityRef)
  if (!entity) throw notFound('entity', entityRef)
  const ref = order.credit_ref ?? randomId('cg')
  return { ref, customerRef: customer.ref, entityRef, timezone: entity.timezone, now }
}
