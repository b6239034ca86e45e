import type { Actor } from '../access/access.store.ts'
import { findCustomer, findEntity } from '../customers/customers.store.ts'
import { canonicalJson } from '../kernel/hash.ts'
import { decideInFull, type Partly } from '../kernel/partly.ts'
import { assert, conflict } from '../kernel/problem.ts'
import { commit, type Db, isUniqueViolation } from '../storage/db.store.ts'
import type { Registered } from '../storage/register.store.ts'
import { numberTaken } from './changes/contract-refusals.ts'
import type { Contract } from './contract.ts'
import { contractStatements, orBilledTwice, productsOf } from './contract-statements.job.ts'
import {
  contractsOfCustomer,
  findContract,
  firstVersions,
  type UnnumberedContract,
} from './contracts.store.ts'
import {
  agreedCurrency,
  type DraftContext,
  decideContract,
  type NewContract,
  partiesOf,
} from './decide-contract.job.ts'
import { pricedByBook } from './terms/booked-price.job.ts'
import type { AskedProduct } from './terms/booked-product.ts'

/** A contract whose prices may be named by a price book. */
export type AskedContract = Omit<NewContract, 'products'> & { products: AskedProduct[] }

/**
 * Makes a contract, its first version, and the word to the customer's meter. The same contract sent again is the one
 * that is there. Throws `invalid_request` or `invalid_contract` with every fault, of form and of terms;
 * `product_already_billed`, `contract_exists` or `contract_number_taken`.
 */
export async function createContract(
  db: Db,
  actor: Actor,
  sent: Partly<AskedContract>,
): Promise<Registered<Contract>> {
  const { priced, context } = await surroundings(db, sent)
  const contract = decideInFull(sent, () => decideContract(priced, context, actor.now))
  try {
    await orBilledTwice(commit(db, contractStatements(db, actor, [contract])))
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    return { row: await contractThere(db, contract), created: false }
  }
  const row = await findContract(db, contract.ref)
  assert(row, `contract ${contract.ref} was written`)
  return { row, created: true }
}

/** The contract with its prices, and what it is held against. */
async function surroundings(
  db: Db,
  sent: Partly<AskedContract>,
): Promise<{ priced: Partly<NewContract>; context: DraftContext }> {
  const { customerRef, entityRefOf } = partiesOf(sent)
  const customer = customerRef === undefined ? undefined : await findCustomer(db, customerRef)
  const entityRef = entityRefOf(customer)
  const entity = entityRef === undefined ? undefined : await findEntity(db, entityRef)
  const { products: asked, ...draft } = sent.value
  const start = { ...agreedCurrency(sent, { customer, entity }), day: draft.start_date }
  const { value: priced, ...found } = await pricedByBook(db, asked, start)
  const [products, others] = await Promise.all([
    productsOf(db, priced),
    customer ? contractsOfCustomer(db, customer.ref) : [],
  ])
  return {
    priced: { ...found, value: { ...draft, products: priced } },
    context: { customer, entity, products, others },
  }
}

/** A key was taken: by this very contract, by another under its ref, or by its number. */
async function contractThere(db: Db, contract: UnnumberedContract): Promise<Contract> {
  const existing = await findContract(db, contract.ref)
  const first = (await firstVersions(db, [contract.ref])).get(contract.ref)
  if (!existing || !first) throw numberTaken(contract.number)
  if (canonicalJson(agreed(contract, existing)) === canonicalJson(agreed({ ...existing, ...first }))) {
    return existing
  }
  throw conflict(
    'contract_exists',
    `There is a contract "${contract.ref}" with other terms. Amend it with POST /api/contracts/edit/${contract.ref}, or use another reference.`,
  )
}

type Agreed = Pick<UnnumberedContract, 'customerRef' | 'entityRef' | 'number' | 'terms'>

/** What tells two contracts of one ref apart, by the names of the wire; a number that is not sent is the one there. */
export const agreed = (
  { customerRef, entityRef, number, terms: { tax_percent: percent, taxes, ...terms } }: Agreed,
  existing?: Pick<Contract, 'number'>,
) => ({
  customer_ref: customerRef,
  entity_ref: entityRef,
  contract_number: number ?? existing?.number,
  ...terms,
  tax: taxes ?? percent,
})
