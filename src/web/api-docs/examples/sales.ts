const ADDRESS = {
  line1: '1 Market Street',
  city: 'San Francisco',
  state: 'CA',
  zip_code: '94105',
  country: 'US',
}

/** Who sells what to whom, at which price. */
export const SALES_EXAMPLES = {
  'POST /api/keys': { name: 'Metering of the API gateway', scopes: ['ingest'] },
  'POST /api/operators': { email: 'cfo@acme.example', name: 'Ada Lovelace', role: 'finance' },
  'POST /api/entities': {
    entity_ref: 'acme-inc',
    name: 'Acme Inc.',
    currency: 'USD',
    timezone: 'America/New_York',
    address: ADDRESS,
    bank_accounts: [
      {
        id: 'main',
        currency: 'EUR',
        beneficiary: 'Acme Inc.',
        bank_name: 'Bank',
        iban: 'DE89370400440532013000',
      },
    ],
  },
  'POST /api/entities/edit/{entity_ref}': {
    tax_id: '12-3456789',
    short_payment: { amount: '25', percent: '1' },
  },
  'POST /api/customers': {
    customer_ref: 'globex',
    name: 'Globex GmbH',
    email: 'billing@globex.example',
    entity_ref: 'acme-inc',
    currency: 'EUR',
    country: 'DE',
    net_terms: 30,
  },
  'POST /api/customers/edit/{customer_ref}': { email: 'ap@globex.example,cfo@globex.example' },
  'POST /api/products': { product_ref: 'api-calls', name: 'API calls', kind: 'usage', unit_name: 'API call' },
  'POST /api/products/edit/{product_ref}': { name: 'Calls of the API' },
  'POST /api/price-books': {
    price_book: 'list-2026',
    name: 'List prices 2026',
    prices: [
      {
        product_ref: 'api-calls',
        currency: 'EUR',
        model: { type: 'unit', unit_amount: '0.0004' },
        valid_from: '2026-01-01',
      },
    ],
  },
  'POST /api/contracts': {
    contract_ref: 'globex-2026',
    customer_ref: 'globex',
    start_date: '2026-01-01',
    end_date: '2027-01-01',
    billing_cycle: { unit: 'MONTHLY', cycle: 1 },
    tax: [{ name: 'VAT', rate_percent: '19' }],
    products: [{ product_ref: 'api-calls', price_book: 'list-2026' }],
    renewal: { term_months: 12, notice_days: 30 },
  },
  'POST /api/contracts/edit/{contract_ref}': {
    reason: 'Lower price from the next cycle on',
    products: [{ product_ref: 'api-calls', model: { type: 'unit', unit_amount: '0.0003' } }],
  },
  'POST /api/contracts/notice/{contract_ref}': { reason: 'Notice by mail of 3 March' },
  'POST /api/contracts/cancel/{contract_ref}': { mode: 'period_end', reason: 'Closes the project' },
  'POST /api/credits/grant': {
    credit_ref: 'welcome-globex',
    customer_ref: 'globex',
    currency: 'EUR',
    amount: '100.00',
    name: 'Welcome credit',
    expires_at: '2026-12-31T23:00:00Z',
  },
  'POST /api/credits/void/{credit_ref}': { amount: '40.00', reason: 'Given twice' },
}
