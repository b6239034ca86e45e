import type { Contract, ContractTerms } from '../../src/contracts/contract.ts'

/** A monthly contract of New York from 15 January 2024 that bills the product `units`. */
export function contract(ref: string, terms: Partial<ContractTerms> = {}, version = 1): Contract {
  return {
    ref,
    number: ref,
    customerRef: 'acme',
    entityRef: 'entity-us',
    status: 'active',
    version,
    terms: {
      currency: 'USD',
      timezone: 'America/New_York',
      start_date: '2024-01-15',
      end_date: null,
      anchor_date: '2024-01-15',
      billing_cycle: { unit: 'MONTHLY', cycle: 1 },
      issue_offset_days: 0,
      grace_hours: 0,
      net_terms: 30,
      invoicing: 'collective',
      auto_charge: false,
      payment_methods: ['wire'],
      tax_percent: '0',
      po_number: null,
      products: [product('units')],
      ...terms,
    },
    nextCycle: 0,
    nextCloseAt: null,
    createdAt: 0,
  }
}

export const product = (
  product_ref: string,
  billing_start_date: string | null = null,
  billing_end_date: string | null = null,
): ContractTerms['products'][number] => ({
  product_ref,
  model: { type: 'unit', unit_amount: '1' },
  quantity: '1',
  billing_start_date,
  billing_end_date,
})
