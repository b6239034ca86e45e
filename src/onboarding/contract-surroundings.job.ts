import { latestPriceBooks } from '../catalog/price-book.store.ts'
import type { Contract } from '../contracts/contract.ts'
import {
  type ContractVersion,
  contractsNamed,
  contractsOfCustomers,
  firstVersions,
  type UnnumberedContract,
} from '../contracts/contracts.store.ts'
import type { AskedContract } from '../contracts/create-contract.job.ts'
import { type DraftContext, partiesOf } from '../contracts/decide-contract.job.ts'
import { booksOf } from '../contracts/terms/booked-price.job.ts'
import { type AskedProduct, isBooked } from '../contracts/terms/booked-product.ts'
import type { Partly } from '../kernel/partly.ts'
import { type Books, booksTakenBy } from './contract-books.job.ts'
import { lookUp } from './records.job.ts'
import type { ImportContext } from './stage.job.ts'

export type Asked = AskedContract & { contract_ref: string }
type Billed = DraftContext['others'][number]

/** Everything that the contracts of one batch are held against. */
export type Surroundings = Omit<DraftContext, 'customer' | 'entity' | 'others'> & {
  customers: Awaited<ReturnType<typeof lookUp.customers>>
  entities: Awaited<ReturnType<typeof lookUp.entities>>
  byRef: ReadonlyMap<string, Contract>
  refOfNumber: Map<string, string>
  firstVersions: ReadonlyMap<string, ContractVersion>
  books: Books
  /** Of contracts that are there, the books in the versions that their prices were taken from. */
  booksTaken: ReadonlyMap<string, Books>
  /** Grows with the contracts of the batch, so that no two of them bill the same usage. */
  ofCustomer: Map<string, Billed[]>
}

export async function surroundings(context: ImportContext, drafts: readonly Asked[]): Promise<Surroundings> {
  const { db, rehearsed } = context
  const planned = [...rehearsed.contracts.values()]
  const refs = drafts.map((draft) => draft.contract_ref)
  const numbers = drafts.flatMap(({ contract_number: number }) => number ?? [])
  const customers = await lookUp.customers(context, unique(drafts.map((draft) => draft.customer_ref)))
  const entityRefs = [
    ...drafts.map((draft) => draft.entity_ref),
    ...[...customers.values()].map((one) => one.entityRef),
  ]
  const [entities, products, named, versions, others, books] = await Promise.all([
    lookUp.entities(context, unique(entityRefs.flatMap((ref) => ref ?? []))),
    lookUp.products(context, unique(drafts.flatMap((draft) => draft.products.map(productRefOf)))),
    contractsNamed(db, { refs, numbers }),
    firstVersions(db, refs),
    contractsOfCustomers(db, [...customers.keys()]),
    latestPriceBooks(db, unique(drafts.flatMap((draft) => booksOf(draft.products)))),
  ])
  return {
    customers,
    entities,
    products,
    byRef: new Map(named.map((one) => [one.ref, one])),
    refOfNumber: new Map(
      [...named, ...planned].flatMap(({ number, ref }) => (number === undefined ? [] : [[number, ref]])),
    ),
    firstVersions: versions,
    books,
    booksTaken: await booksTakenBy(db, books, [...versions.values()]),
    ofCustomer: Map.groupBy([...others, ...planned], (one) => one.customerRef),
  }
}

/** What is billed twice matters for a contract that is to be made; one that is there was amended to what bills it. */
export function contextOf(
  draft: Partly<Asked>,
  around: Surroundings,
  there: Contract | undefined,
): DraftContext {
  const { customerRef, entityRefOf } = partiesOf(draft)
  const customer = around.customers.get(customerRef ?? '')
  return {
    customer,
    entity: around.entities.get(entityRefOf(customer) ?? ''),
    products: around.products,
    others: there ? [] : (around.ofCustomer.get(customerRef ?? '') ?? []),
  }
}

/** Makes a contract known to the later rows. */
export function note(contract: UnnumberedContract, { refOfNumber, ofCustomer }: Surroundings): void {
  const { ref, number, customerRef } = contract
  if (number !== undefined) refOfNumber.set(number, ref)
  ofCustomer.set(customerRef, [...(ofCustomer.get(customerRef) ?? []), contract])
}

const productRefOf = (one: AskedProduct): string => (isBooked(one) ? one.product : one).product_ref

const unique = (refs: readonly string[]): string[] => [...new Set(refs)]
