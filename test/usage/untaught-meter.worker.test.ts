import { expect, it } from 'vitest'
import { api, env } from '../support/worker.ts'

const event = {
  timestamp: '2026-03-10T12:00:00Z',
  customer_ref: 'early-bird',
  usage_product_ref: 'early-units',
  quantity: 4,
}

it('knows the cycle of an event that comes before the meter was told of the contract', async () => {
  await api('POST', '/api/entities', { body: { entity_ref: 'early', name: 'Early', currency: 'USD' } })
  await api('POST', '/api/customers', { body: { customer_ref: 'early-bird', name: 'Early bird' } })
  await api('POST', '/api/products', { body: { product_ref: 'early-units', name: 'Units', kind: 'usage' } })
  // What would tell the meter is lost on the way.
  await env.DB.exec('CREATE TRIGGER lost BEFORE INSERT ON outbox BEGIN SELECT RAISE(IGNORE); END')
  const contract = await api('POST', '/api/contracts', {
    body: {
      customer_ref: 'early-bird',
      entity_ref: 'early',
      currency: 'USD',
      timezone: 'UTC',
      start_date: '2026-03-01',
      billing_cycle: { unit: 'MONTHLY', cycle: 1 },
      products: [{ product_ref: 'early-units', model: { type: 'unit', unit_amount: '1' } }],
    },
  })
  expect(contract.status).toBe(201)

  const answer = await api('POST', '/api/usage/event', { body: event })
  expect(answer.json).toMatchObject({
    outcome: 'accepted',
    cycle: { start: '2026-03-01T00:00:00.000Z', end: '2026-04-01T00:00:00.000Z' },
    cycle_total: '4',
  })
  const refused = await api('POST', '/api/usage/event', {
    body: { ...event, event_id: 'other', validations: { currency: 'EUR' } },
  })
  expect([refused.status, refused.json.code]).toEqual([422, 'currency_mismatch'])
})
