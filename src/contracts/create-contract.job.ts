import type { Actor } from '../access/access.store.ts'
import { type Customer, findCustomer, findEntity, type LegalEntity } from '../customers/customers.store.ts'
import { canonicalJson } from '../kernel/hash.ts'
import { assert, conflict, type Fault, Problem } from '../kernel/problem.ts'
import { commit, type Db, isUniqueViolation } from '../storage/db.store.ts'
import type { Registered } from '../storage/register.store.ts'
import { invalidContract, numberTaken } from './changes/contract-refusals.ts'
import type { Contract } from './contract.ts'
import { contractStatements, orBilledTwice, productsOf } from './contract-statements.job.ts'
import {
  contractsOfCustomer,
  findContract,
  firstVersions,
  type UnnumberedContract,
} from './contracts.store.ts'
import { decideContract, type NewContract, NO_ENTITY } from './decide-contract.job.ts'
import { type PricedProducts, pricedByBook } from './terms/booked-price.job.ts'
import type { AskedProduct } from './terms/booked-product.ts'

/** A contract whose prices may be named by a price book. */
export type AskedContract = Omit<NewContract, 'products'> & { products: AskedProduct[] }

/**
 * Makes a contract, its first version, and the word to the customer's meter. The same contract sent again is the one
 * that is there. Throws `invalid_contract` with every fault, `product_already_billed`, `contract_exists` or
 * `contract_number_taken`.
 */
export async function createContract(
  db: Db,
  actor: Actor,
  draft: AskedContract,
): Promise<Registered<Contract>> {
  const contract = await draftContract(db, actor, draft)
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

async function draftContract(db: Db, actor: Actor, asked: AskedContract): Promise<UnnumberedContract> {
  const customer = await findCustomer(db, asked.customer_ref)
  const entityRef = asked.entity_ref ?? customer?.entityRef ?? undefined
  const entity = entityRef === undefined ? undefined : await findEntity(db, entityRef)
  const currency = currencyOf(asked, customer, entity)
  const priced = await pricedByBook(db, asked.products, { currency, day: asked.start_date })
  const [products, others] = await Promise.all([
    productsOf(db, priced.products),
    contractsOfCustomer(db, asked.customer_ref),
  ])
  const draft = { ...asked, products: priced.products }
  return withBookFaults(priced, () =>
    decideContract(draft, { customer, entity, products, others }, actor.now),
  )
}

/** The currency that a contract is agreed in. */
export const currencyOf = (
  asked: Pick<AskedContract, 'currency'>,
  customer: Customer | undefined,
  entity: LegalEntity | undefined,
): string => asked.currency ?? customer?.currency ?? (entity ?? NO_ENTITY).currency

/** Tells what is wrong with prices of books together with all else that is wrong. */
export function withBookFaults<T>({ faults, unpriced }: PricedProducts, decide: () => T): T {
  if (faults.length === 0) return decide()
  let others: readonly Fault[] = []
  try {
    decide()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    others = error.faults
  }
  // What is said of the stand-in for a price that is missing is of no use.
  const isOfPriced = ({ path }: Fault) => !unpriced.has(Number(/^products\.(\d+)\./.exec(path)?.[1] ?? -1))
  throw invalidContract([...faults, ...others.filter(isOfPriced)])
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
