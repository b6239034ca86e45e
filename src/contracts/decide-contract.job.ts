import type { Product } from '../catalog/catalog.store.ts'
import type { Customer, LegalEntity } from '../customers/customers.store.ts'
import { randomId } from '../kernel/id.ts'
import type { IsRead, Partly } from '../kernel/partly.ts'
import type { Fault } from '../kernel/problem.ts'
import { firstChangeBilling } from './changes/change-billing.ts'
import { billedTwice, invalidContract } from './changes/contract-refusals.ts'
import type { Contract } from './contract.ts'
import type { UnnumberedContract } from './contracts.store.ts'
import { alreadyBilled } from './periods/billing-span.ts'
import { closeInstant } from './periods/schedule.ts'
import { type ContractDraft, termsOf } from './terms/draft.ts'
import { faultsOfTerms } from './terms/faults.ts'

export type NewContract = ContractDraft & {
  contract_ref?: string | undefined
  contract_number?: string | undefined
  customer_ref: string
  entity_ref?: string | undefined
  /** Saved without being in force. */
  draft?: boolean | undefined
}

const NO_ENTITY = { currency: 'USD', timezone: 'UTC' }
const NO_CUSTOMER = { currency: null, netTerms: null, autoCharge: false, taxPercent: null }

/** What a draft is held against. */
export type DraftContext = {
  customer: Customer | undefined
  entity: LegalEntity | undefined
  products: ReadonlyMap<string, Product>
  /** The customer's other contracts. */
  others: readonly Pick<Contract, 'ref' | 'customerRef' | 'terms'>[]
}

/**
 * The contract that a draft makes, with the faults that were found of it before. Throws `invalid_contract` with every
 * fault, or `product_already_billed`.
 */
export function decideContract(
  { value: draft, faults: found, isRead }: Partly<NewContract>,
  { customer, entity, products, others }: DraftContext,
  now: number,
): UnnumberedContract {
  // Terms are checked even where a party is missing, so that all faults are told at once.
  const terms = termsOf(draft, { entity: entity ?? NO_ENTITY, customer: customer ?? NO_CUSTOMER })
  const paths = terms.products.map((_, place) => `products.${place}`)
  const faults = [
    ...found,
    ...faultsOfParties(draft, { customer, entity }, isRead),
    ...faultsOfTerms(terms, products, { isRead, paths }),
  ]
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
    billsChangeAt: isDraft ? null : firstChangeBilling(terms),
    createdAt: now,
  }
  if (!isDraft) refuseBilledTwice(contract, others, products)
  return contract
}

const UNKNOWN_CUSTOMER: Fault = {
  path: 'customer_ref',
  message: 'there is no such customer; make it with POST /api/customers',
}
const UNKNOWN_ENTITY: Fault = {
  path: 'entity_ref',
  message: 'there is no such entity; make it with POST /api/entities',
}

/** Where no entity is named it is the customer's, of whom nothing is known where there is none. */
export function faultsOfParties(
  { entity_ref: named }: Pick<NewContract, 'entity_ref'>,
  { customer, entity }: { customer: object | undefined; entity: object | undefined },
  isRead: IsRead,
): Fault[] {
  const isEntityKnown = isRead('entity_ref') && (named !== undefined || customer !== undefined)
  return [
    ...(customer || !isRead('customer_ref') ? [] : [UNKNOWN_CUSTOMER]),
    ...(entity || !isEntityKnown ? [] : [UNKNOWN_ENTITY]),
  ]
}

/** The refs of the parties, as far as they are read; the entity is by default the customer's. */
export const partiesOf = ({ value, isRead }: Partly<Pick<NewContract, 'customer_ref' | 'entity_ref'>>) => ({
  customerRef: isRead('customer_ref') ? value.customer_ref : undefined,
  entityRefOf: (customer: Pick<Customer, 'entityRef'> | undefined): string | undefined =>
    isRead('entity_ref') ? (value.entity_ref ?? customer?.entityRef ?? undefined) : undefined,
})

/**
 * The currency that a contract is agreed in: its own, the customer's, or the entity's. Where it would come from a party
 * that is not known, it is not read.
 */
export function agreedCurrency(
  { value, isRead }: Partly<Pick<NewContract, 'currency'>>,
  { customer, entity }: Pick<DraftContext, 'customer' | 'entity'>,
): { currency: string; isRead: IsRead } {
  const currency = value.currency ?? (customer && (customer.currency ?? entity?.currency))
  return {
    currency: currency ?? NO_ENTITY.currency,
    isRead: (path) => isRead(path) && (path !== 'currency' || currency !== undefined),
  }
}

/** Throws `product_already_billed` if one of the other contracts bills the usage of a product over the same time. */
export function refuseBilledTwice(
  contract: Pick<Contract, 'ref' | 'customerRef' | 'terms'>,
  others: readonly Pick<Contract, 'ref' | 'customerRef' | 'terms'>[],
  products: ReadonlyMap<string, Product>,
): void {
  const found = alreadyBilled(contract, others, (ref) => products.get(ref)?.kind === 'usage')
  if (found) throw billedTwice(found)
}
