/** What the scenario of three years begins with: products, selling prices, contracts and exchange rates. */

const flat = (amount: string) => ({ type: 'flat', amount })

export const PRODUCTS = [
  { product_ref: 'platform', name: 'Platform', kind: 'recurring', revenue: { recognition: 'daily' } },
  { product_ref: 'support', name: 'Support', kind: 'recurring', revenue: { recognition: 'daily' } },
  {
    product_ref: 'rollout',
    name: 'Rollout',
    kind: 'one_time',
    revenue: {
      recognition: 'milestone',
      milestones: [
        { name: 'Kick-off', weight: '2' },
        { name: 'Go-live', weight: '3' },
      ],
    },
  },
  { product_ref: 'calls', name: 'Calls', kind: 'usage', metric: { type: 'sum' } },
  {
    product_ref: 'appliance',
    name: 'Appliance',
    kind: 'one_time',
    revenue: { recognition: 'point_in_time', on_delivery: true },
  },
  {
    product_ref: 'shipping',
    name: 'Shipping',
    kind: 'one_time',
    revenue: { recognition: 'point_in_time', on_delivery: true, shipping_of: 'appliance' },
  },
]

const entry = (product_ref: string, per: string, price: object) => ({
  product_ref,
  currency: 'USD',
  per,
  price,
  method: 'observed',
  evidence: 'Sales of the year before',
})

/** Selling prices of a unit. Seats become cheaper in autumn 2025; the contract keeps the prices it was signed by. */
export const SSP_BOOKS = {
  signing: {
    entity_ref: 'seller',
    effective_date: '2025-01-01',
    approved_by: 'Controller',
    entries: [
      entry('platform', 'year', { amount: '500' }),
      entry('support', 'year', { amount: '1000' }),
      entry('rollout', 'once', { amount: '2000' }),
      entry('appliance', 'once', { amount: '900' }),
      entry('shipping', 'once', { amount: '100' }),
    ],
  },
  autumn: {
    entity_ref: 'seller',
    effective_date: '2025-09-01',
    approved_by: 'Controller',
    entries: [entry('platform', 'year', { amount: '365' })],
  },
}

const seats = (quantity: string) => ({ product_ref: 'platform', quantity, model: flat('365.00') })
const support = { product_ref: 'support', model: flat('1606.00') }
const rest = [
  { product_ref: 'rollout', model: flat('1752.01') },
  { product_ref: 'calls', model: { type: 'unit', unit_amount: '2.00' } },
]

/** 36 months from 1 January 2025, billed by the year. */
export const CONTRACT = {
  contract_ref: 'main',
  customer_ref: 'acme',
  entity_ref: 'seller',
  currency: 'USD',
  start_date: '2025-01-01',
  end_date: '2028-01-01',
  billing_cycle: { unit: 'YEARLY' },
  grace_hours: 12,
  products: [seats('10'), support, ...rest],
}

export const KIT = {
  ...CONTRACT,
  contract_ref: 'kit',
  end_date: '2025-04-01',
  billing_cycle: { unit: 'QUARTERLY' },
  products: [
    { product_ref: 'appliance', model: flat('900.00') },
    { product_ref: 'shipping', model: flat('100.00') },
  ],
}

/** Five more seats at the list price of the day. */
export const MORE_SEATS = {
  effective_date: '2025-10-01',
  bill: 'now',
  products: [seats('15'), support, ...rest],
}

/** Support costs more from 2027 on, as agreed in the middle of 2026. */
export const DEARER_SUPPORT = {
  effective_date: '2026-07-01',
  apply: 'period_end',
  products: [seats('15'), { product_ref: 'support', model: flat('1935.39') }, ...rest],
}

/** Euros for a dollar, on the days on which something has to be measured. */
export const RATES = Object.entries({
  '2025-01-01': '0.90',
  '2025-01-20': '0.90',
  '2025-01-31': '0.95',
  '2025-05-10': '0.92',
  '2025-05-20': '0.95',
  '2025-10-01': '0.90',
  '2025-10-31': '0.95',
  '2025-11-10': '0.90',
  '2025-12-10': '0.95',
  '2026-01-01': '0.80',
  '2026-01-31': '0.85',
  '2026-02-10': '0.88',
  '2026-12-31': '0.90',
  '2027-01-01': '0.88',
  '2027-07-01': '0.92',
}).map(([date, rate]) => ({ base: 'USD', quote: 'EUR', date, rate }))
