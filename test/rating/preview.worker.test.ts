import { expect, it } from 'vitest'
import { api } from '../support/worker.ts'

const tiers = {
  type: 'graduated',
  tiers: [
    { up_to: 100, unit_amount: '0.105' },
    { up_to: null, unit_amount: '0.05', flat_amount: 20 },
  ],
}

const rate = (body: object) => api('POST', '/api/preview/rate', { body: { currency: 'USD', ...body } })

it('prices a quantity, exactly and rounded, with the arithmetic', async () => {
  const { status, json } = await rate({ model: tiers, quantity: 100.25, modifiers: { minimum_amount: 40 } })
  expect(status).toBe(200)
  // 100 × 0.105 + 0.25 × 0.05 + 20 = 30.5125, and 9.4875 more to 40
  expect(json).toEqual({
    currency: 'USD',
    amount: '40',
    rounded_amount: '40.00',
    billable_quantity: '100.25',
    lines: [
      { description: 'Up to 100', quantity: '100', unit_amount: '0.105', amount: '10.5' },
      { description: 'Over 100', quantity: '0.25', unit_amount: '0.05', amount: '0.0125' },
      { description: 'Over 100, flat fee', quantity: '1', unit_amount: '20', amount: '20' },
      { description: 'At least 40', quantity: '1', unit_amount: '9.4875', amount: '9.4875' },
    ],
    gross: '30.51',
    discount: '0.00',
    minimum_top_up: '9.49',
    already_billed: '0.00',
    net: '40.00',
  })
})

it('prices a later part of a period as the whole less what was billed', async () => {
  const { json } = await rate({ model: tiers, quantity: '10', already_billed: { quantity: '120' } })
  expect(json).toMatchObject({ amount: '0.5', billable_quantity: '10' })
})

it.each([
  {
    name: 'a field that it does not price, and tiers without an end',
    body: { model: { type: 'graduated', tiers: [{ up_to: '5' }], free: 1 }, quantity: 'ten' },
    paths: ['model', 'model.tiers.0.up_to', 'quantity'],
  },
  {
    name: 'a bound that is no number',
    body: { model: { type: 'volume', tiers: [{ up_to: 'ten' }, { up_to: null }] } },
    paths: ['model.tiers.0.up_to'],
  },
])('refuses $name', async ({ body, paths }) => {
  const { status, json } = await rate(body)
  expect(status).toBe(422)
  expect(json.errors.map((fault: { path: string }) => fault.path).sort()).toEqual(paths)
})
