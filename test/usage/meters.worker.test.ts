import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { Metric } from '../../src/catalog/metric.ts'
import { archiveLog } from '../../src/usage/meter/archive.job.ts'
import { segmentName } from '../../src/usage/meter/archive.store.ts'
import { meterCalendar } from '../../src/usage/meter-calendar.ts'
import { shardName } from '../../src/usage/shards.ts'
import { event, record } from '../support/meter.ts'
import { api, env } from '../support/worker.ts'
import { contract } from './contract.ts'

const NOW = Date.UTC(2024, 5, 1)
const DAY_MS = 86_400_000
const meterOf = (name: string) => env.USAGE_METER.getByName(name)
const show = (customerRef: string) => api('GET', `/api/usage/meters/${customerRef}`)
const set = (customerRef: string, body: unknown) => api('POST', `/api/usage/meters/${customerRef}`, { body })
const verify = async (customerRef: string) =>
  (await api('POST', `/api/usage/meters/${customerRef}/verify`)).json
const rebuild = async (customerRef: string) =>
  (await api('POST', `/api/usage/meters/${customerRef}/rebuild`)).json
const quantityOf = async (customerRef: string): Promise<string> => {
  const query = `customer_ref=${customerRef}&product_ref=units&from=2024-01-01T00:00:00Z&to=2024-03-01T00:00:00Z`
  return (await api('GET', `/api/usage/summary?${query}`)).json.data[0].quantity
}
const archive = (customerRef: string) =>
  runInDurableObject(meterOf(customerRef), async (meter) => {
    while (!(await archiveLog(meter)));
  })
const change = (name: string, statement: string) =>
  runInDurableObject(meterOf(name), (_, { storage }) => {
    storage.sql.exec(statement)
  })

const learn = (customerRef: string, metric: Metric) =>
  meterOf(customerRef).learn(meterCalendar([contract('c1')], new Map([['units', { metric }]])))

describe('a meter', () => {
  it('tells what it holds, and spreads as it is told', async () => {
    await record(
      NOW,
      event('set', 'a', '2024-01-20T00:00:00Z', '1'),
      event('set', 'b', '2024-01-20T00:00:00Z', '2'),
    )
    const before = (await show('set')).json
    expect(before).toMatchObject({
      customer_ref: 'set',
      shards: 1,
      automatic: true,
      events: 2,
      events_written: 2,
    })
    expect(before.log_bytes).toBeGreaterThan(200)
    expect(before.rows_written).toBeGreaterThan(0)
    const after = await set('set', { shards: 4, automatic: false })
    expect(after.json).toMatchObject({ shards: 4, automatic: false, events: 2 })
    expect((await set('set', { automatic: true })).json).toMatchObject({ shards: 4, automatic: true })
    const less = await set('set', { shards: 2 })
    expect([less.status, less.json.code]).toEqual([409, 'shards_only_grow'])
    const log = (await api('GET', '/api/audit-log?subject=set')).json.data
    expect(log[1]).toMatchObject({
      action: 'usage_meter.set',
      before: { shards: 1, automatic: true },
      after: { shards: 4, automatic: false },
    })
  })

  it.each([0, 3, 128, 1.5, '4'])('is not spread over %j objects', async (shards) => {
    expect((await set('odd', { shards })).status).toBe(422)
  })

  it('is set by admins alone', async () => {
    const answer = await api('POST', '/api/usage/meters/set', { key: 'sandbox_ingest_key', body: {} })
    expect(answer.status).toBe(403)
  })
})

describe('a check', () => {
  const sent = (customerRef: string) => [
    event(customerRef, 'a', '2024-01-20T00:00:00Z', '0.1'),
    event(customerRef, 'b', '2024-01-20T00:05:00Z', '0.2'),
    event(customerRef, 'c', '2024-01-21T00:00:00Z', '5'),
  ]

  /** Three events in the archive, one of them amended and one voided, and two in the log. */
  async function revisedMeter(customerRef: string): Promise<void> {
    await record(NOW, ...sent(customerRef))
    await archive(customerRef)
    const { json } = await api('GET', `/api/usage/events?customer_ref=${customerRef}`)
    const [c, b] = json.data.map((row: { event_ref: string }) => row.event_ref)
    await api('POST', '/api/usage/event/update', { body: { event_ref: b, quantity: '0.4' } })
    await api('DELETE', `/api/usage/event/${c}`)
    await record(NOW, event(customerRef, 'd', '2024-01-22T00:00:00Z', '7'))
  }

  it('proves that totals are what archive and log add up to', async () => {
    await revisedMeter('proved')
    // 0.1 + 0.4 (amended from 0.2) + 7; the 5 are void
    expect(await verify('proved')).toEqual({
      ok: true,
      events: 3,
      segments: 1,
      products: [{ product_ref: 'units', events: 3, quantity: '7.5' }],
      differences: [],
      faults: [],
    })
    await archive('proved')
    expect(await verify('proved')).toMatchObject({ ok: true, segments: 2, events: 3 })
  })

  it('finds a wrong total, and makes it again', async () => {
    await revisedMeter('wrong')
    await archive('wrong')
    await change('wrong', "UPDATE cells SET quantity = '9', events = 8 WHERE quantity = '0.5'")
    const found = {
      ok: false,
      differences: [
        {
          product_ref: 'units',
          start: '2024-01-20T00:00:00.000Z',
          stored: '9 of 8 events',
          counted: '0.5 of 2 events',
        },
      ],
    }
    expect(await verify('wrong')).toMatchObject(found)
    expect(await quantityOf('wrong')).toBe('16')
    expect(await rebuild('wrong')).toMatchObject(found)
    expect(await verify('wrong')).toMatchObject({ ok: true })
    expect(await quantityOf('wrong')).toBe('7.5')
  })

  it('finds totals of events that never came, and none of events that did', async () => {
    await record(NOW, ...sent('phantom'))
    await archive('phantom')
    await change(
      'phantom',
      "UPDATE cells SET bucket = bucket + 900000 WHERE quantity = '5'; DELETE FROM cells WHERE quantity = '0.3'",
    )
    expect((await verify('phantom')).differences).toHaveLength(3)
    await rebuild('phantom')
    expect(await quantityOf('phantom')).toBe('5.3')
    expect((await verify('phantom')).ok).toBe(true)
  })

  it('proves the states of metrics too', async () => {
    await learn('states', { type: 'max' })
    await revisedMeter('states')
    await archive('states')
    expect(await verify('states')).toMatchObject({ ok: true })
    await change('states', `UPDATE metric_cells SET state = '["99"]' WHERE state = '["7"]'`)
    expect((await rebuild('states')).differences).toMatchObject([
      { start: '2024-01-22T00:00:00.000Z', stored: expect.stringContaining('99') },
    ])
    expect(await verify('states')).toMatchObject({ ok: true })
  })

  it('has the corrected cycle corrected on the next invoice', async () => {
    const cycle = {
      contractRef: 'c1',
      cycleNo: 1,
      start: Date.parse('2024-01-15T05:00:00Z'),
      end: Date.parse('2024-02-15T05:00:00Z'),
    }
    const request = {
      ...cycle,
      products: [{ productRef: 'units', metric: { type: 'sum' } as Metric }],
      months: [],
    }
    await record(NOW, ...sent('sealed'))
    await archive('sealed')
    await change('sealed', "UPDATE cells SET quantity = '50' WHERE quantity = '5'")
    expect((await meterOf('sealed').seal(request)).products).toMatchObject([{ quantity: '50.3' }])
    await rebuild('sealed')
    const next = { ...request, cycleNo: 2, start: cycle.end, end: Date.parse('2024-03-15T04:00:00Z') }
    expect((await meterOf('sealed').seal(next)).corrections).toMatchObject([{ cycleNo: 1, quantity: '5.3' }])
  })

  it('tells of a segment that is gone, and touches nothing then', async () => {
    await record(NOW, ...sent('gone'))
    await archive('gone')
    await env.ARCHIVE.delete(segmentName('gone', 1))
    const found = await rebuild('gone')
    expect(found).toMatchObject({ ok: false, faults: [expect.stringContaining('events 1 to 3')] })
    expect(await quantityOf('gone')).toBe('5.3')
  })

  it('covers all shards', async () => {
    await meterOf('shards').spreadTo({ shards: 4 })
    const many = Array.from({ length: 100 }, (_, place) =>
      event('shards', `e${place}`, '2024-01-20T00:00:00Z', '0.01'),
    )
    await record(NOW, ...many)
    expect(await verify('shards')).toMatchObject({ ok: true, events: 100, products: [{ quantity: '1' }] })
    expect(await quantityOf('shards')).toBe('1')
    await change(shardName('shards', 3), "UPDATE cells SET quantity = '10'")
    expect((await rebuild('shards')).differences).toMatchObject([{ shard: 3 }])
    expect(await quantityOf('shards')).toBe('1')
    expect(await verify('shards')).toMatchObject({ ok: true, events: 100 })
  })
})

describe('a contract that takes usage up to 60 days late', () => {
  const terms = { start_date: '2024-01-01', anchor_date: '2024-01-01', max_lateness_days: 60 }
  const teach = (customerRef: string, more = {}) =>
    meterOf(customerRef).learn(
      meterCalendar([contract('c1', { ...terms, ...more }, Object.keys(more).length + 1)], new Map()),
    )
  const outcomes = async (...sent: Parameters<typeof record>) =>
    (await record(...sent)).map(({ outcome }) => outcome)

  it('refuses older events that it bills, and no repeat of what it took', async () => {
    await teach('late')
    // 60 days before 1 June are 2 April.
    const last = event('late', 'last', '2024-04-02T00:00:00Z', '1')
    const sent = [
      last,
      event('late', 'older', '2024-04-01T23:59:59.999Z', '1'),
      event('late', 'before the contract', '2023-12-31T00:00:00Z', '1'),
      event('late', 'of no contract', '2023-12-31T00:00:00Z', '1', { usage_product_ref: 'other' }),
    ]
    expect(await outcomes(NOW, ...sent)).toEqual(['accepted', 'rejected', 'accepted', 'accepted'])
    expect(await outcomes(NOW + DAY_MS, ...sent)).toEqual(['duplicate', 'rejected', 'duplicate', 'duplicate'])
  })

  /** A run of ids, received at `now`. */
  async function fill(customerRef: string, now: number): Promise<ReturnType<typeof event>[]> {
    const own = [event(customerRef, 'first', new Date(now - DAY_MS).toISOString(), '1')]
    await record(now, ...own)
    // A shard that hands its ids over closes the run that they are in.
    await runInDurableObject(meterOf(customerRef), (meter) => {
      meter.books.save()
      meter.books.ids.close(meter.books.receivedAt)
    })
    return own
  }
  const ring = (customerRef: string) => runInDurableObject(meterOf(customerRef), (meter) => meter.alarm())
  const forgottenBefore = (customerRef: string) => meterOf(customerRef).forgottenBefore()

  it('has ids remembered while an event of their time could still come', async () => {
    await teach('forget')
    const own = await fill('forget', NOW)
    const later = NOW + 61 * DAY_MS
    await record(later - DAY_MS, event('forget', 'x', new Date(later - DAY_MS).toISOString(), '1'))
    await ring('forget')
    // Heard of 60 days ago: an event of that time could still be taken.
    expect(await forgottenBefore('forget')).toBe(0)
    expect(await outcomes(later - DAY_MS, ...own)).toEqual(['duplicate'])
  })

  it('has them forgotten after that, and their events refused for ever', async () => {
    await teach('forgot')
    const own = await fill('forgot', NOW)
    const later = NOW + 61 * DAY_MS
    await record(later, event('forgot', 'x', new Date(later).toISOString(), '1'))
    await ring('forgot')
    // 61 - 60 days after the first came, and 5 minutes for its clock that was ahead.
    expect(await forgottenBefore('forgot')).toBe(NOW + DAY_MS)
    expect(await outcomes(later, ...own)).toEqual(['rejected'])
    await teach('forgot', { max_lateness_days: 3_000 })
    await evictDurableObject(meterOf('forgot'))
    expect(await outcomes(later, ...own)).toEqual(['rejected'])
  })

  it.each([
    ['a product that no contract bills', { product: 'other', days: 60, shards: 1 }],
    ['a contract that takes any age', { product: 'units', days: null, shards: 1 }],
    ['a meter that is spread', { product: 'units', days: 60, shards: 2 }],
  ])('forgets nothing with %s', async (name, { product, days, shards }) => {
    await teach(name, { max_lateness_days: days })
    const own = await fill(name, NOW)
    const later = NOW + 400 * DAY_MS
    const more = { usage_product_ref: product }
    await record(later, event(name, 'x', new Date(later).toISOString(), '1', more))
    if (shards > 1) await meterOf(name).spreadTo({ shards })
    await ring(name)
    expect(await forgottenBefore(name)).toBe(0)
    expect((await record(later, ...own)).map(({ outcome }) => outcome)).toEqual(['duplicate'])
  })
})
