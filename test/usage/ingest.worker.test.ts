import { abortAllDurableObjects, evictDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { meterCalendar } from '../../src/usage/meter-calendar.ts'
import { api, env } from '../support/worker.ts'
import { contract } from './contract.ts'

const SEED = {
  timestamp: '2024-02-05T09:02:27.279Z',
  customer_ref: 'b4fe1e43-321f-479c-aee7-c11d73616ff2',
  customer_name: 'ACME',
  usage_product_ref: '9db3fbc3-5e77-43c8-828f-bc2b69cbc9f3',
  usage_product_name: 'Units',
  quantity: 10,
  additional_report_data: { note: 'User-specific note' },
  validations: { currency: 'USD', entity_ref: 'd78bf43b-e76a-4a70-8f56-d3dfcea0dffe' },
}

const post = (body: unknown, headers: Record<string, string> = {}) =>
  api('POST', '/api/usage/event', { key: 'sandbox_ingest_key', body, headers })

/** An event of 5 February 2024 for the product `units`. */
const event = (customer_ref: string, more: Record<string, unknown> = {}) => ({
  timestamp: '2024-02-05T09:02:27.279Z',
  customer_ref,
  usage_product_ref: 'units',
  quantity: '1',
  ...more,
})

const totalOf = async (customerRef: string): Promise<string> => {
  const query = `customer_ref=${customerRef}&product_ref=units&from=2024-02-01T00:00:00Z`
  return (await api('GET', `/api/usage/summary?${query}`)).json.data[0].quantity
}

describe('one event', () => {
  it("takes the seed product's body and answers it as it was sent", async () => {
    const answer = await post(SEED)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      ...SEED,
      event_ref: expect.stringMatching(/^evt_[\w-]+\.[0-9a-f]{32}$/),
      event_id: expect.stringMatching(/^uev_[0-9a-f]{32}$/),
      outcome: 'accepted',
      cycle: null,
      cycle_total: '10',
    })
    expect((await post(SEED)).json).toEqual({ ...answer.json, outcome: 'duplicate' })
  })

  it('knows it again after the meter was evicted, and after it was cut off', async () => {
    const first = await post(event('restart', { quantity: 7 }))
    await evictDurableObject(env.USAGE_METER.getByName('restart'))
    const second = await post(event('restart', { quantity: 7 }))
    await abortAllDurableObjects()
    const third = await post(event('restart', { quantity: 7 }))
    expect(second.json).toEqual({ ...first.json, outcome: 'duplicate' })
    expect(third.json).toEqual(second.json)
    expect(third.json.cycle_total).toBe('7')
  })

  it('refuses the same id with other content, and writes nothing', async () => {
    await post(event('conflict', { event_id: 'e1', quantity: 2 }))
    const answer = await post(event('conflict', { event_id: 'e1', quantity: 3 }))
    expect([answer.status, answer.json.code]).toEqual([409, 'event_conflict'])
    expect(await totalOf('conflict')).toBe('2')
  })

  it('takes the Idempotency-Key for the id where the event has none', async () => {
    const first = await post(event('key'), { 'idempotency-key': 'k1' })
    expect(first.json).toMatchObject({ event_id: 'k1', outcome: 'accepted' })
    const other = await post(event('key', { quantity: 2 }), { 'idempotency-key': 'k1' })
    expect(other.status).toBe(409)
    const named = await post(event('key', { event_id: 'e2' }), { 'idempotency-key': 'k1' })
    expect(named.json).toMatchObject({ event_id: 'e2', outcome: 'accepted' })
  })

  it('counts one event sent a thousand times at once exactly once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () => post(event('storm', { quantity: 3 }))),
    )
    const outcomes = answers.map(({ json }) => json.outcome)
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(999)
    expect(new Set(answers.map(({ json }) => json.cycle_total))).toEqual(new Set(['3']))
  })

  // 0.1 + 0.2 + 12345678901234567890.123456789012345678901 = 12345678901234567890.423456789012345678901
  it('adds exactly, digit by digit', async () => {
    await post(event('digits', { event_id: '1', quantity: 0.1 }))
    await post(event('digits', { event_id: '2', quantity: '0.2' }))
    expect(await totalOf('digits')).toBe('0.3')
    const quantity = '12345678901234567890.123456789012345678901'
    const last = await post(event('digits', { event_id: '3', quantity }))
    expect(last.json).toMatchObject({ quantity, cycle_total: '12345678901234567890.423456789012345678901' })
    expect(await totalOf('digits')).toBe('12345678901234567890.423456789012345678901')
  })

  it('is held against the clock', async () => {
    const ahead = (ms: number) => new Date(Date.now() + ms).toISOString()
    expect((await post(event('clock', { timestamp: ahead(4 * 60_000) }))).status).toBe(200)
    const answer = await post(event('clock', { timestamp: ahead(6 * 60_000) }))
    expect([answer.status, answer.json.code]).toEqual([422, 'timestamp_ahead'])
  })

  it('needs the scope ingest', async () => {
    expect((await api('POST', '/api/usage/event', { key: null, body: SEED })).status).toBe(401)
    expect((await api('GET', '/api/usage/events?customer_ref=a', { key: 'sandbox_ingest_key' })).status).toBe(
      403,
    )
  })
})

describe('with a contract', () => {
  // A monthly cycle from the 15th in New York, 5 hours behind UTC in winter.
  const cycle = { start: '2024-01-15T05:00:00.000Z', end: '2024-02-15T05:00:00.000Z' }
  const teach = (customerRef: string) =>
    env.USAGE_METER.getByName(customerRef).learn(meterCalendar([contract('c1')], new Map()))

  it('tells the billing cycle and its total, of the past and of now', async () => {
    await post(event('cycle', { event_id: '1', timestamp: '2024-01-14T12:00:00Z', quantity: 100 }))
    await post(event('cycle', { event_id: '2', quantity: 1 }))
    await teach('cycle')
    const answer = await post(event('cycle', { event_id: '3', quantity: 2 }))
    expect(answer.json).toMatchObject({ cycle, cycle_total: '3' })
    const next = await post(event('cycle', { event_id: '4', timestamp: '2024-02-15T05:00:00Z', quantity: 9 }))
    expect(next.json).toMatchObject({ cycle: { start: cycle.end }, cycle_total: '9' })
    expect((await post(event('cycle', { event_id: '5' }))).json.cycle_total).toBe('4')
  })

  it.each([
    ['currency_mismatch', { currency: 'EUR' }],
    ['entity_mismatch', { currency: 'USD', entity_ref: 'entity-de' }],
  ])('refuses %s', async (code, validations) => {
    await teach(code)
    const answer = await post(event(code, { validations }))
    expect([answer.status, answer.json.code]).toEqual([422, code])
    const holds = await post(event(code, { validations: { currency: 'USD', entity_ref: 'entity-us' } }))
    expect(holds.json).toMatchObject({ outcome: 'accepted', cycle_total: '1' })
    // What was accepted stays a duplicate, whatever it is said to agree with by now.
    expect((await post(event(code, { validations }))).json.outcome).toBe('duplicate')
  })

  it('does not go back to an older calendar', async () => {
    const meter = env.USAGE_METER.getByName('versions')
    await meter.learn(meterCalendar([contract('c1', { currency: 'EUR' }, 2)], new Map()))
    await meter.learn(meterCalendar([contract('c1', { currency: 'USD' }, 1)], new Map()))
    await evictDurableObject(meter)
    const answer = await post(event('versions', { validations: { currency: 'USD' } }))
    expect(answer.json.code).toBe('currency_mismatch')
  })
})

describe('reading usage', () => {
  it('pages through raw events, the latest timestamp first', async () => {
    for (const hour of ['07', '09', '08'])
      await post(event('pages', { event_id: hour, timestamp: `2024-02-05T${hour}:00:00Z` }))
    await post(event('pages', { event_id: 'other', usage_product_ref: 'seats' }))
    const path = '/api/usage/events?customer_ref=pages&product_ref=units&limit=2'
    const first = (await api('GET', path)).json
    expect(first.data.map((row: { event_id: string }) => row.event_id)).toEqual(['09', '08'])
    expect(first.data[0]).toMatchObject(event('pages', { timestamp: '2024-02-05T09:00:00Z' }))
    const second = (await api('GET', `${path}&cursor=${first.next_cursor}`)).json
    expect(second.data.map((row: { event_id: string }) => row.event_id)).toEqual(['07'])
    expect(second.next_cursor).toBeNull()
    const range = await api('GET', `${path}&from=2024-02-05T07:30:00Z&to=2024-02-05T09:00:00Z`)
    expect(range.json.data.map((row: { event_id: string }) => row.event_id)).toEqual(['08'])
    expect((await api('GET', `${path}&cursor=x`)).json.code).toBe('invalid_cursor')
  })

  it('sums any range exactly, also one that cuts quarters of an hour', async () => {
    for (const [event_id, timestamp] of Object.entries({
      a: '2024-02-05T09:02:00Z',
      b: '2024-02-05T09:14:59.999Z',
      c: '2024-02-05T09:30:00Z',
      d: '2024-02-05T10:01:00Z',
      e: '2024-02-05T10:02:00Z',
    }))
      await post(event('edges', { event_id, timestamp, quantity: '0.1' }))
    const sum = async (from: string, to: string) =>
      (
        await api(
          'GET',
          `/api/usage/summary?customer_ref=edges&from=2024-02-05T${from}Z&to=2024-02-05T${to}Z`,
        )
      ).json.data[0]?.quantity
    expect(await sum('09:02:00.001', '10:02:00')).toBe('0.3')
    expect(await sum('09:02:00', '10:02:00.001')).toBe('0.5')
    expect(await sum('09:03:00', '09:14:00')).toBeUndefined()
    expect(await sum('09:03:00', '09:15:00')).toBe('0.1')
  })

  it('refuses a range that is turned round or has too many windows', async () => {
    const path = '/api/usage/summary?customer_ref=edges&from=2024-02-05T09:00:00Z'
    expect((await api('GET', `${path}&to=2024-01-01T00:00:00Z`)).json.code).toBe('invalid_range')
    expect((await api('GET', `${path}&to=2034-01-01T00:00:00Z&window=hour`)).json.code).toBe('invalid_range')
    expect((await api('GET', `${path}&to=2034-01-01T00:00:00Z&window=day`)).status).toBe(200)
  })
})
