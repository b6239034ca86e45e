import type { PriceModel } from '../../src/catalog/price.ts'
import type { ContractProduct, ContractTerms } from '../../src/contracts/contract.ts'

/** One of a product, from the contract's start to its end. */
export const sold = (
  product_ref: string,
  model: PriceModel,
  more: Partial<ContractProduct> = {},
): ContractProduct => ({
  product_ref,
  model,
  quantity: '1',
  billing_start_date: null,
  billing_end_date: null,
  ...more,
})

/** A contract by calendar months from 1 January 2026, in UTC. */
export const termsOf = (products: ContractProduct[], more: Partial<ContractTerms> = {}): ContractTerms => ({
  currency: 'USD',
  timezone: 'UTC',
  start_date: '2026-01-01',
  end_date: null,
  anchor_date: '2026-01-01',
  billing_cycle: { unit: 'MONTHLY', cycle: 1 },
  proration: 'day',
  issue_offset_days: 0,
  grace_hours: 0,
  net_terms: 30,
  invoicing: 'collective',
  auto_charge: false,
  payment_methods: ['wire'],
  tax_percent: '0',
  po_number: null,
  products,
  ...more,
})
