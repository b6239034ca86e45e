import type { Contract, ContractProduct, ContractTerms } from '../../src/contracts/contract.ts'
import { sold, termsOf } from '../support/contract-terms.ts'

/** A monthly contract of New York from 15 January 2024 that bills the product `units`. */
export function contract(ref: string, terms: Partial<ContractTerms> = {}, version = 1): Contract {
  return {
    ref,
    number: ref,
    customerRef: 'acme',
    entityRef: 'entity-us',
    status: 'active',
    version,
    terms: termsOf([product('units')], {
      timezone: 'America/New_York',
      start_date: '2024-01-15',
      anchor_date: '2024-01-15',
      ...terms,
    }),
    nextCycle: 0,
    nextCloseAt: null,
    createdAt: 0,
  }
}

export const product = (
  product_ref: string,
  billing_start_date: string | null = null,
  billing_end_date: string | null = null,
): ContractProduct =>
  sold(product_ref, { type: 'unit', unit_amount: '1' }, { billing_start_date, billing_end_date })
