import type { Product } from '../catalog/catalog.store.ts'
import type { Customer, LegalEntity } from '../customers/customers.store.ts'
import { randomId } from '../kernel/id.ts'
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

export const NO_ENTITY = { currency: 'USD', timezone: 'UTC' }
const NO_CUSTOMER = { currency: null, netTerms: null, autoCharge: false, taxPercent: null }

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
    billsChangeAt: isDraft ? null : firstChangeBilling(terms),
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

/** Throws `product_already_billed` if one of the other contracts bills the usage of a product over the same time. */
export function refuseBilledTwice(
  contract: Pick<Contract, 'ref' | 'customerRef' | 'terms'>,
  others: readonly Pick<Contract, 'ref' | 'customerRef' | 'terms'>[],
  products: ReadonlyMap<string, Product>,
): void {
  const found = alreadyBilled(contract, others, (ref) => products.get(ref)?.kind === 'usage')
  if (found) throw billedTwice(found)
}
