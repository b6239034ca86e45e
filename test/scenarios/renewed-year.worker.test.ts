import { expect, it } from 'vitest'
import { api } from '../support/worker.ts'

/**
 * A year by quarters that renews itself. All figures are worked out by hand from the contract:
 *
 *   Seats        300.00 a quarter, in advance; two of them from the third quarter on
 *   Units        to 1,000 at 1.00, then 0.50, counted through the contract; 10% more with the renewal
 *   Commitment   4,000.00 for the year
 */
const contract = {
  contract_ref: 'year',
  customer_ref: 'acme',
  entity_ref: 'seller',
  start_date: '2026-01-01',
  end_date: '2027-01-01',
  billing_cycle: { unit: 'QUARTERLY' },
  renewal: { term_months: 12, notice_days: 30, price_uplift_percent: 10 },
  commitment: { amount: 4000, period: 'contract', product_ref: 'seats' },
  products: [
    {
      product_ref: 'seats',
      price_book: 'list',
      overrides: { model: { amount: 300 } },
      ramp: [{ from: 3, quantity: 2 }],
    },
    { product_ref: 'units', price_book: 'list', accumulate: 'contract' },
  ],
}
const tiers = [
  { up_to: 1000, unit_amount: 1 },
  { up_to: null, unit_amount: 0.5 },
]
const prices = [
  { product_ref: 'seats', currency: 'USD', valid_from: '2025-01-01', model: { type: 'flat', amount: 400 } },
  { product_ref: 'units', currency: 'USD', valid_from: '2025-01-01', model: { type: 'graduated', tiers } },
]

async function ok(method: string, path: string, body?: unknown) {
  const answer = await api(method, path, { body })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.json
}

const moveTo = (date: string) => ok('POST', '/api/sandbox/clock', { advance_to: `${date}T00:00:00Z` })

const use = (timestamp: string, quantity: number) =>
  ok('POST', '/api/usage/event', {
    event_id: timestamp,
    timestamp: `${timestamp}T12:00:00Z`,
    customer_ref: 'acme',
    customer_name: 'ACME',
    usage_product_ref: 'units',
    usage_product_name: 'Units',
    quantity,
  })

type Line = { kind: string; product_ref: string; amount: string }
const lines = ({ lines }: { lines: Line[] }) =>
  lines.map((line) => [line.kind, line.product_ref, line.amount])

const upcoming = async (which: 'current' | 'next') => {
  const { data } = await ok('GET', `/api/contracts/invoices/${which}/year`)
  return lines(data[0])
}

it('a year with a ramp, tiers of the contract and a commitment is billed, settled and renewed', async () => {
  await moveTo('2026-01-01')
  await ok('POST', '/api/entities', {
    entity_ref: 'seller',
    name: 'Seller',
    currency: 'USD',
    timezone: 'UTC',
  })
  await ok('POST', '/api/customers', { customer_ref: 'acme', name: 'ACME' })
  await ok('POST', '/api/products', { product_ref: 'units', name: 'Units', kind: 'usage' })
  await ok('POST', '/api/products', { product_ref: 'seats', name: 'Seats', kind: 'recurring' })
  await ok('POST', '/api/price-books', { price_book: 'list', name: 'List', prices })
  await ok('POST', '/api/contracts', { ...contract, draft: true })
  await ok('POST', '/api/contracts/activate/year')

  await moveTo('2026-02-01')
  await use('2026-01-15', 600)
  await moveTo('2026-05-01')
  await use('2026-04-15', 600)
  // 1,200 units are 1,000 + 100; 600 were billed. Seats are two from July on.
  const second = [
    ['usage', 'units', '500.00'],
    ['recurring', 'seats', '600.00'],
  ]
  expect(await upcoming('current')).toEqual(second)
  await moveTo('2026-08-01')
  await use('2026-07-15', 100)
  await moveTo('2026-12-15')
  const renewed = await ok('GET', '/api/contracts/year')
  expect(renewed).toMatchObject({ state: 'renewed', end_date: '2028-01-01' })
  // Fees of the year: seats 300 + 300 + 600 + 600, units 600 + 500 + 50, so 4,000 − 2,950.
  const settled = [
    ['recurring', 'seats', '600.00'],
    ['true_up', 'seats', '1050.00'],
  ]
  expect(await upcoming('current')).toEqual(settled)
  expect(await upcoming('next')).toEqual([['recurring', 'seats', '600.00']])

  await moveTo('2027-02-01')
  await use('2027-01-15', 100)
  await moveTo('2027-04-02')
  const invoices = await Promise.all(
    [1, 2, 3, 4, 5, 6].map((n) => ok('GET', `/api/invoices/INV00000${n}`).then(lines)),
  )
  expect(invoices).toEqual([
    [['recurring', 'seats', '300.00']],
    [
      ['usage', 'units', '600.00'],
      ['recurring', 'seats', '300.00'],
    ],
    second,
    [
      // 1,300 units are 1,150; 1,100 were billed.
      ['usage', 'units', '50.00'],
      ['recurring', 'seats', '600.00'],
    ],
    settled,
    [
      // At 1.10 and 0.55: 1,400 are 1,100 + 220, 1,300 were 1,100 + 165.
      ['usage', 'units', '55.00'],
      ['recurring', 'seats', '600.00'],
    ],
  ])
})
