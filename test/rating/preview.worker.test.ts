import { expect, it } from 'vitest'
import { api } from '../support/worker.ts'

const tiers = {
  type: 'graduated',
  tiers: [
    { up_to: 100, unit_amount: '0.105' },
    { up_to: null, unit_amount: '0.05', flat_amount: 20 },
  ],
}

it('prices a quantity, exactly and rounded, with the arithmetic', async () => {
  const { status, json } = await api('POST', '/api/preview/rate', {
    body: { currency: 'USD', model: tiers, quantity: 100.25 },
  })
  expect(status).toBe(200)
  // 100 × 0.105 + 0.25 × 0.05 + 20 = 30.5125
  expect(json).toEqual({
    currency: 'USD',
    amount: '30.5125',
    rounded_amount: '30.51',
    billable_quantity: '100.25',
    lines: [
      { description: 'Up to 100', quantity: '100', unit_amount: '0.105', amount: '10.5' },
      { description: 'Over 100', quantity: '0.25', unit_amount: '0.05', amount: '0.0125' },
      { description: 'Over 100, flat fee', quantity: '1', unit_amount: '20', amount: '20' },
    ],
  })
})

it.each([
  { name: 'half away from zero', currency: 'USD', unit: '10.125', quantity: '1', rounded: '10.13' },
  { name: 'no minor unit', currency: 'JPY', unit: '0.5', quantity: '1', rounded: '1' },
  { name: 'three digits', currency: 'KWD', unit: '0.0005', quantity: '1', rounded: '0.001' },
  { name: 'nothing used', currency: 'USD', unit: '3', quantity: '0', rounded: '0.00' },
])('rounds by the currency: $name', async ({ currency, unit, quantity, rounded }) => {
  const { json } = await api('POST', '/api/preview/rate', {
    body: { currency, model: { type: 'unit', unit_amount: unit }, quantity },
  })
  expect(json.rounded_amount).toBe(rounded)
})

it('prices a later part of a period as the whole less what was billed', async () => {
  const { json } = await api('POST', '/api/preview/rate', {
    body: { currency: 'USD', model: tiers, quantity: '10', already_billed: { quantity: '120' } },
  })
  expect(json).toMatchObject({ amount: '0.5', billable_quantity: '10' })
})

it('refuses a field that it does not price, and tiers without an end', async () => {
  const { status, json } = await api('POST', '/api/preview/rate', {
    body: {
      currency: 'USD',
      model: { type: 'graduated', tiers: [{ up_to: '5' }], free: 1 },
      quantity: 'ten',
    },
  })
  expect(status).toBe(422)
  expect(json.errors.map((fault: { path: string }) => fault.path).sort()).toEqual([
    'model',
    'model.tiers.0.up_to',
    'quantity',
  ])
})
