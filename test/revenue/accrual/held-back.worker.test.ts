import { beforeAll, expect, it } from 'vitest'
import { differencesFromFacts } from '../../support/recomputed.ts'
import { balances, moveTo, ok } from '../../support/scenario.ts'

/** 100 calls of May are billed at 1.00; with 60 more, which come after the invoice, all cost 0.50: 20.00 less. */
const tiers = [
  { up_to: '100', unit_amount: '1' },
  { up_to: null, unit_amount: '0.5' },
]
const use = (day: string, quantity: number) =>
  ok('POST', '/api/usage/event', {
    ...{ event_id: day, timestamp: `${day}T12:00:00Z`, quantity },
    ...{ customer_ref: 'acme', customer_name: 'ACME' },
    ...{ usage_product_ref: 'calls', usage_product_name: 'Calls' },
  })

beforeAll(async () => {
  await moveTo('2026-05-01')
  await ok('POST', '/api/entities', { entity_ref: 'lumen', name: 'Lumen', currency: 'USD', timezone: 'UTC' })
  await ok('POST', '/api/customers', { customer_ref: 'acme', name: 'ACME' })
  await ok('POST', '/api/products', { product_ref: 'calls', name: 'Calls', kind: 'usage' })
  await ok('POST', '/api/contracts', {
    ...{ contract_ref: 'acme', customer_ref: 'acme', entity_ref: 'lumen', currency: 'USD' },
    start_date: '2026-05-01',
    products: [{ product_ref: 'calls', model: { type: 'volume', tiers } }],
  })
  await moveTo('2026-05-21')
  await use('2026-05-10', 100)
  await moveTo('2026-06-02')
  await use('2026-05-20', 60)
})

it('a correction that no invoice is large enough for lowers revenue once, while months go by', async () => {
  for (const day of ['2026-07-02', '2026-08-02']) {
    await moveTo(day)
    expect(await balances()).toEqual({
      accounts_receivable: '100.00',
      contract_position: '-20.00',
      revenue: '-80.00',
    })
  }
  expect(await differencesFromFacts()).toEqual([])
})
