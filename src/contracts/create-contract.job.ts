import { type Actor, audit } from '../access/access.store.ts'
import { findProducts, type Product } from '../catalog/catalog.store.ts'
import { type Customer, findCustomer, findEntity, type LegalEntity } from '../customers/customers.store.ts'
import { enqueue } from '../delivery/outbox.store.ts'
import { canonicalJson } from '../kernel/hash.ts'
import { derivedId, randomId } from '../kernel/id.ts'
import { assert, conflict, type Fault, invalid, Problem } from '../kernel/problem.ts'
import { commit, type Db, isRefusedBy, isUniqueViolation, type Statement } from '../storage/db.store.ts'
import type { Registered } from '../storage/register.store.ts'
import { alreadyBilled } from './billing-span.ts'
import { type PricedProducts, pricedByBook } from './booked-price.job.ts'
import type { AskedProduct } from './booked-product.ts'
import type { Contract } from './contract.ts'
import {
  contractsOfCustomer,
  findContract,
  firstVersions,
  insertContracts,
  type UnnumberedContract,
} from './contracts.store.ts'
import { type ContractDraft, termsOf } from './draft.ts'
import { faultsOfTerms } from './faults.ts'
import { closeInstant } from './schedule.ts'

export type NewContract = ContractDraft & {
  contract_ref?: string | undefined
  contract_number?: string | undefined
  customer_ref: string
  entity_ref?: string | undefined
  /** Saved without being in force. */
  draft?: boolean | undefined
}

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

function refuseBilledTwice(
  contract: Pick<Contract, 'ref' | 'customerRef' | 'terms'>,
  others: readonly Pick<Contract, 'ref' | 'customerRef' | 'terms'>[],
  products: ReadonlyMap<string, Product>,
): void {
  const found = alreadyBilled(contract, others, (ref) => products.get(ref)?.kind === 'usage')
  if (found) throw billedTwice(found)
}

export const productsOf = (db: Db, products: readonly { product_ref: string }[]) =>
  findProducts(db, [...new Set(products.map((product) => product.product_ref))])

const NO_ENTITY = { currency: 'USD', timezone: 'UTC' }
const NO_CUSTOMER = { currency: null, netTerms: null, autoCharge: false, taxPercent: null }

async function draftContract(db: Db, actor: Actor, asked: AskedContract): Promise<UnnumberedContract> {
  const customer = await findCustomer(db, asked.customer_ref)
  const entityRef = asked.entity_ref ?? customer?.entityRef ?? undefined
  const entity = entityRef === undefined ? undefined : await findEntity(db, entityRef)
  const currency = asked.currency ?? customer?.currency ?? (entity ?? NO_ENTITY).currency
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

/** Tells what is wrong with prices of books together with all else that is wrong. */
function withBookFaults<T>({ faults, unpriced }: PricedProducts, decide: () => T): T {
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

/** What a draft is held against. */
export type DraftContext = {
  customer: Customer | undefined
  entity: LegalEntity | undefined
  products: ReadonlyMap<string, Product>
  /** The customer's other contracts. */
  others: readonly Pick<Contract, 'ref' | 'customerRef' | 'terms'>[]
}

/** The contract that a draft makes. Throws `invalid_contract` with every fault, or `product_already_billed`. */
export function decideContract(
  draft: NewContract,
  { customer, entity, products, others }: DraftContext,
  now: number,
): UnnumberedContract {
  // Terms are checked even where a party is missing, so that all faults are told at once.
  const terms = termsOf(draft, { entity: entity ?? NO_ENTITY, customer: customer ?? NO_CUSTOMER })
  const faults = [...faultsOfParties(customer, entity), ...faultsOfTerms(terms, products)]
  if (faults.length > 0 || !customer || !entity) throw invalidContract(faults)
  const isDraft = draft.draft === true
  const contract: UnnumberedContract = {
    ref: draft.contract_ref ?? randomId('con'),
    number: draft.contract_number,
    customerRef: customer.ref,
    entityRef: entity.ref,
    status: isDraft ? 'draft' : 'active',
    version: 1,
    terms,
    nextCycle: 0,
    nextCloseAt: isDraft ? null : closeInstant(terms, 0),
    createdAt: now,
  }
  if (!isDraft) refuseBilledTwice(contract, others, products)
  return contract
}

function faultsOfParties(customer: Customer | undefined, entity: LegalEntity | undefined): Fault[] {
  const faults: Fault[] = []
  if (!customer) {
    faults.push({
      path: 'customer_ref',
      message: 'there is no such customer; make it with POST /api/customers',
    })
  }
  if (!entity) {
    faults.push({ path: 'entity_ref', message: 'there is no such entity; make it with POST /api/entities' })
  }
  return faults
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

export const numberTaken = (number: string | undefined) =>
  conflict('contract_number_taken', `Another contract has the number "${number}".`)

export const invalidContract = (faults: readonly Fault[]) =>
  invalid('invalid_contract', 'These terms cannot be billed; each fault is named in "errors".', faults)

export const billedTwice = (found?: { productRef: string; otherRef: string }) =>
  conflict(
    'product_already_billed',
    found
      ? `The contract "${found.otherRef}" bills the usage of "${found.productRef}" to this customer over the same time. End it there first, or let this one begin later.`
      : 'Another contract bills the usage of one of these products to this customer over the same time.',
  )
