import { CHAIN_ID } from '../chain/chain.ts'
import { SANDBOX_XPUB } from '../chain/wallet.ts'
import { FX_SOURCE } from './rates.ts'

/** The demo company and what it sells. The references of ACME and its units are those of the well-known sample event. */
export const ENTITY_REF = 'd78bf43b-e76a-4a70-8f56-d3dfcea0dffe'
export const ACME = 'b4fe1e43-321f-479c-aee7-c11d73616ff2'
export const UNITS = '9db3fbc3-5e77-43c8-828f-bc2b69cbc9f3'

export const entity = (tokenAddress: string) => ({
  entity_ref: ENTITY_REF,
  name: 'Lumen Cloud',
  legal_name: 'Lumen Cloud, Inc.',
  tax_id: 'US 84-1234567',
  email: 'billing@lumen.example',
  address: { line1: '48 Grand Street', city: 'New York', state: 'NY', zip_code: '10013', country: 'US' },
  currency: 'USD',
  timezone: 'America/New_York',
  fx_source: FX_SOURCE,
  framework: 'ASC606',
  invoice_series: 'LUM',
  bank_accounts: [
    {
      id: 'usd',
      currency: 'USD',
      beneficiary: 'Lumen Cloud, Inc.',
      bank_name: 'First Harbor Bank, New York',
      account_number: '4400123456',
      routing_number: '026009593',
      bic: 'FHBKUS33',
    },
    {
      id: 'eur',
      currency: 'EUR',
      beneficiary: 'Lumen Cloud, Inc.',
      bank_name: 'Hafenbank Hamburg',
      iban: 'DE89370400440532013000',
      bic: 'COBADEFFXXX',
    },
  ],
  wallets: [
    {
      id: 'treasury',
      xpub: SANDBOX_XPUB,
      chains: [
        {
          chain_id: CHAIN_ID,
          tokens: [{ symbol: 'USDC', address: tokenAddress, decimals: 6, currency: 'USD' }],
        },
      ],
    },
  ],
})

export const products = [
  { product_ref: UNITS, name: 'Units', kind: 'usage', unit_name: 'unit', metric: { type: 'sum' } },
  { product_ref: 'api-calls', name: 'API calls', kind: 'usage', unit_name: 'call', metric: { type: 'sum' } },
  { product_ref: 'platform', name: 'Platform', kind: 'recurring' },
  { product_ref: 'seats', name: 'Seats', kind: 'recurring', unit_name: 'seat' },
  { product_ref: 'support', name: 'Premium support', kind: 'recurring' },
  { product_ref: 'onboarding', name: 'Onboarding', kind: 'one_time' },
  {
    product_ref: 'call-pack',
    name: 'API calls, prepaid',
    kind: 'one_time',
    grants_credit: { paid: '900', granted: '1000', product_refs: ['api-calls'] },
  },
]

export const customers = [
  {
    customer_ref: ACME,
    name: 'ACME',
    legal_name: 'ACME Corporation',
    email: 'payables@acme.example',
    country: 'US',
    currency: 'USD',
    entity_ref: ENTITY_REF,
    net_terms: 30,
    tax: '8.875',
  },
  {
    customer_ref: 'globex',
    name: 'Globex',
    legal_name: 'Globex GmbH',
    email: 'rechnung@globex.example',
    country: 'DE',
    currency: 'EUR',
    entity_ref: ENTITY_REF,
    net_terms: 14,
  },
  {
    customer_ref: 'initech',
    name: 'Initech',
    legal_name: 'Initech LLC',
    email: 'ap@initech.example',
    country: 'US',
    currency: 'USD',
    entity_ref: ENTITY_REF,
    net_terms: 0,
  },
  {
    customer_ref: 'hooli',
    name: 'Hooli',
    legal_name: 'Hooli K.K.',
    email: 'keiri@hooli.example',
    country: 'JP',
    currency: 'JPY',
    entity_ref: ENTITY_REF,
    net_terms: 30,
  },
]

/**
 * Contracts of all three kinds of product; each begins on the first day of the demo. ACME pays its support by the year
 * beside monthly usage; Initech buys its usage ahead, credit of 1,000 for 900.
 */
export const contracts = (start: string) => [
  {
    contract_ref: 'acme-2026',
    customer_ref: ACME,
    entity_ref: ENTITY_REF,
    currency: 'USD',
    timezone: 'America/New_York',
    start_date: start,
    billing_cycle: { unit: 'MONTHLY', cycle: 1 },
    invoicing: 'collective',
    po_number: 'PO-4711',
    discounts: [{ name: 'Launch offer', type: 'percent', value: '20', products: ['platform'], cycles: 6 }],
    products: [
      {
        product_ref: UNITS,
        model: {
          type: 'graduated',
          tiers: [
            { up_to: '1000', unit_amount: '0.10', flat_amount: '0' },
            { up_to: '10000', unit_amount: '0.08', flat_amount: '0' },
            { up_to: null, unit_amount: '0.05', flat_amount: '0' },
          ],
        },
      },
      { product_ref: 'platform', model: { type: 'flat', amount: '1050.00', term: 'in_advance' } },
      {
        product_ref: 'support',
        model: { type: 'flat', amount: '2400.00', term: 'in_advance' },
        billing_cycle: { unit: 'YEARLY', cycle: 1 },
        anchor_date: start,
      },
      { product_ref: 'onboarding', model: { type: 'flat', amount: '2500.00', term: 'in_advance' } },
    ],
  },
  {
    contract_ref: 'globex-2026',
    customer_ref: 'globex',
    entity_ref: ENTITY_REF,
    currency: 'EUR',
    timezone: 'Europe/Berlin',
    start_date: start,
    billing_cycle: { unit: 'MONTHLY', cycle: 1 },
    invoicing: 'per_product',
    payment_methods: ['card', 'wire'],
    products: [
      { product_ref: 'api-calls', model: { type: 'unit', unit_amount: '0.0004' } },
      { product_ref: 'seats', model: { type: 'flat', amount: '39.00', term: 'in_advance' }, quantity: '12' },
    ],
  },
  {
    contract_ref: 'initech-2026',
    customer_ref: 'initech',
    entity_ref: ENTITY_REF,
    currency: 'USD',
    timezone: 'America/Los_Angeles',
    start_date: start,
    anchor_date: start,
    billing_cycle: { unit: 'MONTHLY', cycle: 1 },
    invoicing: 'collective',
    auto_charge: true,
    products: [
      { product_ref: 'api-calls', model: { type: 'unit', unit_amount: '0.0005' } },
      {
        product_ref: 'platform',
        model: { type: 'flat', amount: '490.00', term: 'in_advance' },
        trial_days: 14,
      },
      { product_ref: 'call-pack', model: { type: 'flat', amount: '900.00', term: 'in_advance' } },
    ],
  },
  {
    contract_ref: 'hooli-2026',
    customer_ref: 'hooli',
    entity_ref: ENTITY_REF,
    currency: 'JPY',
    timezone: 'Asia/Tokyo',
    start_date: start,
    billing_cycle: { unit: 'QUARTERLY', cycle: 1 },
    invoicing: 'collective',
    payment_methods: ['wire'],
    products: [{ product_ref: 'platform', model: { type: 'flat', amount: '380000', term: 'in_arrears' } }],
  },
]
