import { type Actor, audit } from '../access/access.store.ts'
import { type Fault, invalid } from '../kernel/problem.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { type Registered, register, sameContent } from '../storage/register.store.ts'
import {
  type Customer,
  completeCustomer,
  findCustomer,
  findEntity,
  insertCustomer,
  insertEntity,
  type LegalEntity,
} from './customers.store.ts'

export const registerEntity = (db: Db, actor: Actor, entity: LegalEntity): Promise<Registered<LegalEntity>> =>
  register({
    what: 'entity',
    row: entity,
    find: () => findEntity(db, entity.ref),
    insert: () =>
      commit(db, [
        ...insertEntity(db, entity),
        ...audit(db, actor, { action: 'entity.create', subject: entity.ref, after: entity }),
      ]),
  })

export async function registerCustomer(
  db: Db,
  actor: Actor,
  customer: Customer,
): Promise<Registered<Customer>> {
  await refuseUnknownEntity(db, customer)
  return register({
    what: 'customer',
    row: customer,
    find: () => findCustomer(db, customer.ref),
    insert: () =>
      commit(db, [
        ...insertCustomer(db, customer),
        ...audit(db, actor, { action: 'customer.create', subject: customer.ref, after: customer }),
      ]),
    complete: () =>
      commit(db, [
        ...completeCustomer(db, customer),
        ...audit(db, actor, { action: 'customer.complete', subject: customer.ref, after: customer }),
      ]),
    isSame: isSameCustomer,
  })
}

export async function refuseUnknownEntity(db: Db, { entityRef }: Pick<Customer, 'entityRef'>): Promise<void> {
  if (entityRef === null || (await findEntity(db, entityRef))) return
  throw invalid('entity_not_found', `There is no entity with the reference "${entityRef}".`, [UNKNOWN_ENTITY])
}

export const UNKNOWN_ENTITY: Fault = {
  path: 'entity_ref',
  message: 'must be the reference of an entity; make it with POST /api/entities',
}

export const isSameCustomer = (existing: Customer, sent: Customer): boolean =>
  sameContent(existing, { ...sent, ...cardLearned(existing, sent) })

/** The card that the payment pages have saved since: a customer sent again without one is still the same. */
const cardLearned = (existing: Customer, sent: Customer) => ({
  stripeCustomerId: sent.stripeCustomerId ?? existing.stripeCustomerId,
  stripePaymentMethodId: sent.stripePaymentMethodId ?? existing.stripePaymentMethodId,
})
