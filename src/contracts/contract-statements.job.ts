import { type Actor, audit } from '../access/access.store.ts'
import { findProducts, type Product } from '../catalog/catalog.store.ts'
import { enqueue } from '../delivery/outbox.store.ts'
import { derivedId } from '../kernel/id.ts'
import { type Db, isRefusedBy, type Statement } from '../storage/db.store.ts'
import { billedTwice } from './changes/contract-refusals.ts'
import type { Contract } from './contract.ts'
import { contractsOfCustomer, insertContracts, type UnnumberedContract } from './contracts.store.ts'
import { refuseBilledTwice } from './decide-contract.job.ts'

/** What making contracts writes. */
export const contractStatements = (
  db: Db,
  actor: Actor,
  made: readonly UnnumberedContract[],
): Statement[] => [
  ...insertContracts(db, made, { actor: actor.principal.label, now: actor.now }),
  ...audit(
    db,
    actor,
    ...made.map((contract) => ({ action: 'contract.create', subject: contract.ref, after: contract })),
  ),
  ...tellMeter(db, made, actor.now),
]

/** Waits for a commit of contracts; `product_already_billed` where a trigger found that another bills the same usage. */
export async function orBilledTwice(committed: Promise<void>): Promise<void> {
  try {
    await committed
  } catch (error) {
    throw isRefusedBy(error, 'product already billed') ? billedTwice() : error
  }
}

/** The statements that send the meters of customers their new calendars of billing cycles. */
export const tellMeter = (
  db: Db,
  changed: readonly Pick<Contract, 'ref' | 'customerRef' | 'version'>[],
  now: number,
): Statement[] =>
  enqueue(
    db,
    changed.map(({ ref, customerRef, version }) => ({
      id: derivedId('out', 'meter_calendar', ref, version),
      topic: 'meter_calendar',
      payload: { customerRef },
      dueAt: now,
    })),
    now,
  )

/** Throws if another contract of the customer bills the usage of one of the products over the same time. */
export async function refuseDoubleBilling(
  db: Db,
  contract: Pick<Contract, 'ref' | 'customerRef' | 'terms'>,
  products: ReadonlyMap<string, Product>,
): Promise<void> {
  refuseBilledTwice(contract, await contractsOfCustomer(db, contract.customerRef), products)
}

export const productsOf = (db: Db, products: readonly { product_ref: string }[]) =>
  findProducts(db, [...new Set(products.map((product) => product.product_ref))])
