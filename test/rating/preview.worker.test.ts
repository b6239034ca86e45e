import { describe, expect, it } from 'vitest'
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

describe('what a metric makes of events', () => {
  const aggregate = (body: object) => api('POST', '/api/preview/aggregate', { body })
  const event = (event_id: string, timestamp: string, quantity: unknown, more = {}) => ({
    event_id,
    timestamp,
    quantity,
    ...more,
  })
  const day = { from: '2024-03-31', to: '2024-04-01', timezone: 'Europe/Berlin' }

  it('counts each event once, the first of an id, and only within the range', async () => {
    const events = [
      // The last day of March begins at 23:00Z in Berlin, and ends at 22:00Z.
      event('before', '2024-03-30T22:59:59.999Z', 1),
      event('a', '2024-03-30T23:00:00Z', '2.5'),
      event('a', '2024-03-31T10:00:00Z', '4'),
      event('a', '2024-03-31T10:00:00Z', '8', { customer_ref: 'else' }),
      event('no number', '2024-03-31T11:00:00Z', null),
      event('after', '2024-03-31T22:00:00Z', 16),
    ]
    // 2.5 + 8
    expect((await aggregate({ metric: { type: 'sum' }, events, ...day })).json).toEqual({ value: '10.5' })
    expect((await aggregate({ metric: { type: 'count' }, events, ...day })).json).toEqual({ value: '3' })
    expect((await aggregate({ metric: { type: 'max' }, events: [], ...day })).json).toEqual({ value: '0' })
  })

  it('answers by group', async () => {
    const events = [
      event('1', '2024-03-31T10:00:00Z', 1, { properties: { region: 'eu' } }),
      event('2', '2024-03-31T10:00:00Z', 2, { properties: { region: null } }),
      event('3', '2024-03-31T10:00:00Z', 4),
    ]
    const { json } = await aggregate({ metric: { type: 'sum', group_by: ['region'] }, events, ...day })
    expect(json).toEqual({
      groups: [
        { group: { region: 'eu' }, value: '1' },
        { group: { region: null }, value: '6' },
      ],
    })
  })

  it('answers by window of the time zone, and carries from each into the next', async () => {
    const events = [
      event('1', '2024-03-29T10:00:00Z', 5),
      event('2', '2024-03-30T23:00:00Z', 2),
      event('3', '2024-03-31T22:00:00Z', 1),
    ]
    const range = { from: '2024-03-30', to: '2024-04-02T12:00:00+02:00', timezone: 'Europe/Berlin' }
    const metric = { type: 'sum', recurring: true }
    const { json } = await aggregate({ metric, events, ...range, window: 'day' })
    expect(json.windows).toEqual([
      { start: '2024-03-29T23:00:00.000Z', end: '2024-03-30T23:00:00.000Z', value: '5' },
      // 23 hours.
      { start: '2024-03-30T23:00:00.000Z', end: '2024-03-31T22:00:00.000Z', value: '7' },
      { start: '2024-03-31T22:00:00.000Z', end: '2024-04-01T22:00:00.000Z', value: '8' },
      { start: '2024-04-01T22:00:00.000Z', end: '2024-04-02T10:00:00.000Z', value: '8' },
    ])
  })

  it('takes 8,640 samples, of which a 95th percentile drops 432', async () => {
    const start = Date.parse('2024-03-31T00:00:00Z')
    const events = Array.from({ length: 8640 }, (_, place) => ({
      event_id: `sample ${place}`,
      timestamp: new Date(start + place * 1000).toISOString(),
      properties: { unit: 'milliseconds', latency: `${place + 1}` },
    }))
    const metric = { type: 'percentile', field: 'latency', percentile: '0.95' }
    expect((await aggregate({ metric, events, ...day })).json).toEqual({ value: '8208' })
  })

  it.each([
    ['an empty range', { to: day.from }, 'invalid_range'],
    ['more windows than it answers', { from: '2000-01-01', window: 'hour' }, 'invalid_range'],
    ['a metric that makes no sense', { metric: { type: 'avg', recurring: true } }, 'invalid_request'],
    [
      'a field that it does not know',
      { events: [{ event_id: '1', timestamp: day.from }] },
      'invalid_request',
    ],
  ])('refuses %s', async (_, body, code) => {
    const { status, json } = await aggregate({ metric: { type: 'sum' }, events: [], ...day, ...body })
    expect([status, json.code]).toEqual([422, code])
  })

  it('bears values of any shape', async () => {
    const deep = `{"event_id":"deep","timestamp":"2024-03-31T10:00:00Z","quantity":-0,"properties":{"f":${'['.repeat(5000)}${']'.repeat(5000)}}}`
    const body = `{"metric":{"type":"unique_count","field":"f","group_by":["f"]},"events":[${deep}],"from":"2024-03-31","to":"2024-04-01"}`
    const { status, json } = await api('POST', '/api/preview/aggregate', {
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect([status, json]).toEqual([200, { groups: [] }])
  })
})
