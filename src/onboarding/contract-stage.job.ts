import { latestPriceBooks } from '../catalog/price-book.store.ts'
import { numberTaken } from '../contracts/changes/contract-refusals.ts'
import { contractBody } from '../contracts/contract.http.ts'
import type { Contract } from '../contracts/contract.ts'
import { contractStatements, orBilledTwice } from '../contracts/contract-statements.job.ts'
import {
  type ContractVersion,
  contractsNamed,
  contractsOfCustomers,
  firstVersions,
  type UnnumberedContract,
} from '../contracts/contracts.store.ts'
import { type AskedContract, agreed } from '../contracts/create-contract.job.ts'
import {
  agreedCurrency,
  type DraftContext,
  decideContract,
  partiesOf,
} from '../contracts/decide-contract.job.ts'
import { booksOf, pricedFrom } from '../contracts/terms/booked-price.job.ts'
import { type AskedProduct, isBooked } from '../contracts/terms/booked-product.ts'
import { contractParts } from '../contracts/terms/contract-parts.http.ts'
import { decideInFull, type Partly } from '../kernel/partly.ts'
import { Problem } from '../kernel/problem.ts'
import { type Books, booksTakenBy } from './contract-books.job.ts'
import { differences } from './differences.ts'
import { type ImportRow, reported } from './import-report.ts'
import { REF_NEEDED, refOf } from './record-stage.job.ts'
import { lookUp } from './records.job.ts'
import { readRow } from './row.http.ts'
import type { ImportContext, Stage } from './stage.job.ts'
import { type Decided, faultsOf, firstRowOf, refused, unwritten } from './stage.ts'

type Asked = AskedContract & { contract_ref: string }
type Draft = Partly<Asked> & { row: ImportRow; ref: string | null }
type Billed = DraftContext['others'][number]

/** Everything that the drafts of one batch are held against. */
type Surroundings = Omit<DraftContext, 'customer' | 'entity' | 'others'> & {
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

/**
 * Contracts are made as the route makes them, and told apart by their ref. One that is there is never edited by an
 * import: an amendment has a date from which on it holds.
 */
export function contractStage(): Stage<UnnumberedContract> {
  const repeated = firstRowOf()
  return {
    decide: async (context, rows) => {
      const read = rows.map((row) => draftOf(row, repeated))
      const around = await surroundings(
        context,
        read.map((one) => one.value),
      )
      return read.map((one) => decide(context, one, around))
    },
    statements: ({ db, actor }, plans) => contractStatements(db, actor, plans),
    explained: (_, committed) => orBilledTwice(committed),
    note: ({ contracts }, contract) => contracts.set(contract.ref, contract),
  }
}

/** The contract of a row as far as it could be read; the ref by which it is known is among what has to be right. */
function draftOf(row: ImportRow, repeated: ReturnType<typeof firstRowOf>): Draft {
  const ref = refOf(row, 'contract_ref')
  const read = readRow(contractBody, contractParts, row)
  const isMissing = ref === null && read.isRead('contract_ref')
  const faults = [
    ...read.faults,
    ...(isMissing ? [{ path: 'contract_ref', message: REF_NEEDED }] : []),
    ...(ref === null ? [] : repeated(ref, row.row)),
  ]
  return { ...read, row, ref, value: { ...read.value, contract_ref: ref ?? '' }, faults }
}

async function surroundings(context: ImportContext, drafts: readonly Asked[]): Promise<Surroundings> {
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

function decide({ actor }: ImportContext, draft: Draft, around: Surroundings): Decided<UnnumberedContract> {
  const { row, ref } = draft
  try {
    return decideInFull(draft, () => decided(draft, around, actor.now))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return refused('contracts', row, ref, faultsOf(error))
  }
}

function decided(draft: Draft, around: Surroundings, now: number): Decided<UnnumberedContract> {
  const { contract_ref: ref, contract_number: number } = draft.value
  const there = around.byRef.get(ref)
  const contract = decidePriced(draft, contextOf(draft, around, there), around, now)
  if (there) return held(draft.row, contract, there, around.firstVersions.get(ref))
  if (number !== undefined && around.refOfNumber.has(number)) throw numberTaken(number)
  if (draft.faults.length === 0) note(contract, around)
  return { report: reported('contracts', draft.row, ref, 'created'), plan: contract }
}

/** Makes a contract known to the later rows. */
function note(contract: UnnumberedContract, { refOfNumber, ofCustomer }: Surroundings): void {
  const { ref, number, customerRef } = contract
  if (number !== undefined) refOfNumber.set(number, ref)
  ofCustomer.set(customerRef, [...(ofCustomer.get(customerRef) ?? []), contract])
}

/**
 * The contract that a row makes, with the prices of its books; of one that is there, by the versions that it took them
 * from, so that the same file finds it unchanged after a book was written again.
 */
function decidePriced(
  draft: Draft,
  context: DraftContext,
  around: Surroundings,
  now: number,
): UnnumberedContract {
  const { products: asked, ...sent } = draft.value
  const books = around.booksTaken.get(sent.contract_ref) ?? around.books
  const start = { ...agreedCurrency(draft, context), day: sent.start_date }
  const { value: products, ...found } = pricedFrom(books, asked, start)
  return decideContract({ ...found, value: { ...sent, products } }, context, now)
}

/** What is billed twice matters for a contract that is to be made; one that is there was amended to what bills it. */
function contextOf(draft: Draft, around: Surroundings, there: Contract | undefined): DraftContext {
  const { customerRef, entityRefOf } = partiesOf(draft)
  const customer = around.customers.get(customerRef ?? '')
  return {
    customer,
    entity: around.entities.get(entityRefOf(customer) ?? ''),
    products: around.products,
    others: there ? [] : (around.ofCustomer.get(customerRef ?? '') ?? []),
  }
}

/** A contract that is there is compared with what it was made with: later amendments are no other content. */
function held(
  row: ImportRow,
  contract: UnnumberedContract,
  there: Contract,
  first: ContractVersion | undefined,
): Decided<never> {
  const made = first ? { ...there, terms: first.terms } : there
  const faults = differences(agreed(made), agreed(contract, there))
  if (faults.length === 0) return unwritten(reported('contracts', row, there.ref, 'unchanged'))
  const path = `/api/contracts/edit/${there.ref}`
  const message = `is there with other terms; amend it with POST ${path}, or use another reference`
  return refused('contracts', row, there.ref, [{ path: 'contract_ref', message }, ...faults])
}

const productRefOf = (one: AskedProduct): string => (isBooked(one) ? one.product : one).product_ref

const unique = (refs: readonly string[]): string[] => [...new Set(refs)]
