import { describe, expect, it } from 'vitest'
import type { Metric } from '../../src/catalog/metric.ts'
import { meterCalendar } from '../../src/usage/meter-calendar.ts'
import { api, env } from '../support/worker.ts'
import { contract } from './contract.ts'
import { billedBy, monthly, teach } from './meters.ts'

const event = (customer_ref: string, event_id: string, more: Record<string, unknown> = {}) => ({
  timestamp: '2024-02-05T09:02:27.279Z',
  customer_ref,
  usage_product_ref: 'units',
  quantity: 1,
  event_id,
  ...more,
})

const record = async (body: unknown): Promise<string> =>
  (await api('POST', '/api/usage/event', { body })).json.event_ref
const update = (body: Record<string, unknown>) => api('POST', '/api/usage/event/update', { body })
const remove = (ref: string) => api('DELETE', `/api/usage/event/${ref}`)
const show = (ref: string) => api('GET', `/api/usage/event/${ref}`)

async function totals(customerRef: string): Promise<Record<string, [quantity: string, events: number]>> {
  const answer = await api('GET', `/api/usage/summary?customer_ref=${customerRef}&from=2024-02-01T00:00:00Z`)
  return Object.fromEntries(
    answer.json.data.map((row: { product_ref: string; quantity: string; events: number }) => [
      row.product_ref,
      [row.quantity, row.events],
    ]),
  )
}

describe('an update', () => {
  it('replaces the fields given, takes away null ones, and the totals follow', async () => {
    const data = { additional_report_data: { note: 'first' }, customer_name: 'Acme' }
    const ref = await record(event('amend', 'a', { quantity: '10.5', ...data }))
    await record(event('amend', 'b', { quantity: 2 }))
    const answer = await update({ event_ref: ref, quantity: '0.25', additional_report_data: null })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      ...event('amend', 'a', { quantity: '0.25', customer_name: 'Acme' }),
      event_ref: ref,
      outcome: 'amended',
      cycle: null,
    })
    // 0.25 + 2
    expect(await totals('amend')).toEqual({ units: ['2.25', 2] })
    expect((await show(ref)).json).toMatchObject({ quantity: '0.25', status: 'amended' })
  })

  it('moves usage to another product and another time', async () => {
    const ref = await record(event('move', 'a', { quantity: 7 }))
    await record(event('move', 'b', { quantity: 1 }))
    await update({ event_ref: ref, usage_product_ref: 'seats', timestamp: '2024-03-05T00:00:00Z' })
    expect(await totals('move')).toEqual({ units: ['1', 1] })
    const march = await api('GET', '/api/usage/summary?customer_ref=move&from=2024-03-01T00:00:00Z')
    expect(march.json.data).toMatchObject([{ product_ref: 'seats', quantity: '7' }])
  })

  it('changes nothing the second time, and is what the first event stays a duplicate beside', async () => {
    const sent = event('again', 'a', { quantity: 3 })
    const ref = await record(sent)
    await update({ event_ref: ref, quantity: 4 })
    expect((await update({ event_ref: ref, quantity: '4.0' })).json.outcome).toBe('duplicate')
    const resent = await api('POST', '/api/usage/event', { body: sent })
    expect(resent.json.outcome).toBe('duplicate')
    expect(await totals('again')).toEqual({ units: ['4', 1] })
  })

  it('of report data alone corrects a cycle that is sealed, where the metric looks at them', async () => {
    const metrics: Record<string, Metric> = { seats: { type: 'max', field: 'users' } }
    await teach('peak', metrics)
    const sent = { timestamp: '2024-01-05T00:00:00Z', usage_product_ref: 'seats' }
    const ref = await record(event('peak', 'a', { ...sent, additional_report_data: { users: 5 } }))
    expect(await billedBy('peak', [monthly(1, metrics)])).toEqual({ '1 seats': '5' })
    await update({ event_ref: ref, additional_report_data: { users: 9 } })
    const both = [monthly(1, metrics), monthly(2, metrics)]
    expect(await billedBy('peak', both)).toEqual({ '1 seats': '9', '2 seats': '0' })
  })

  it.each([
    ['another customer', { customer_ref: 'somebody' }, 422, 'identity_fixed'],
    ['another id', { event_id: 'z' }, 422, 'identity_fixed'],
    ['what is no quantity', { quantity: 'NaN' }, 422, 'invalid_request'],
    ['no timestamp', { timestamp: null }, 422, 'invalid_request'],
    ['a time to come', { timestamp: '2999-01-01T00:00:00Z' }, 422, 'timestamp_ahead'],
    ['a field that events do not have', { quantitty: 1 }, 422, 'invalid_request'],
  ])('refuses %s', async (_, changes, status, code) => {
    const ref = await record(event('bounds', 'a'))
    const answer = await update({ event_ref: ref, ...changes })
    expect([answer.status, answer.json.code]).toEqual([status, code])
    expect(await totals('bounds')).toEqual({ units: ['1', 1] })
  })

  it('takes the identity that the event has', async () => {
    const ref = await record(event('same', 'a'))
    const changes = { customer_ref: 'same', event_id: 'a', quantity: 5 }
    expect((await update({ event_ref: ref, ...changes })).json).toMatchObject({ outcome: 'amended' })
  })

  it('is held against the contract, as any event is', async () => {
    const terms = { max_lateness_days: 30 }
    await env.USAGE_METER.getByName('bound').learn(meterCalendar([contract('c1', terms)], new Map()))
    const timestamp = new Date(Date.now() - 86_400_000).toISOString()
    const ref = await record(event('bound', 'a', { timestamp }))
    const other = await update({ event_ref: ref, validations: { currency: 'EUR' }, quantity: 2 })
    expect([other.status, other.json.code]).toEqual([422, 'currency_mismatch'])
    const late = await update({ event_ref: ref, timestamp: '2024-02-05T09:00:00Z' })
    expect([late.status, late.json.code]).toEqual([422, 'timestamp_too_old'])
    expect((await update({ event_ref: ref, quantity: 2 })).json.cycle).not.toBeNull()
  })
})

describe('a deletion', () => {
  it('voids the event, once', async () => {
    const ref = await record(event('void', 'a', { quantity: 10 }))
    await record(event('void', 'b'))
    const first = await remove(ref)
    expect([first.status, first.json.outcome, first.json.quantity]).toEqual([200, 'voided', 10])
    expect((await remove(ref)).json.outcome).toBe('duplicate')
    expect(await totals('void')).toEqual({ units: ['1', 1] })
    const answer = await update({ event_ref: ref, quantity: 1 })
    expect([answer.status, answer.json.code]).toEqual([409, 'event_voided'])
    expect((await show(ref)).json.status).toBe('voided')
    // Its id stays taken: the same event again is no new one.
    expect(
      (await api('POST', '/api/usage/event', { body: event('void', 'a', { quantity: 10 }) })).json,
    ).toMatchObject({
      outcome: 'duplicate',
    })
  })

  it.each([
    ['nothing of ours', 'evt_x'],
    ['an event that never came', `evt_bm9ib2R5.${'0'.repeat(32)}`],
    // "a", a NUL and "1": a shard of "a".
    ['an object that is no customer', `evt_YQAx.${'0'.repeat(32)}`],
  ])('of %s is 404', async (_, ref) => {
    for (const answer of [await remove(ref), await show(ref), await update({ event_ref: ref, quantity: 1 })])
      expect([answer.status, answer.json.code]).toEqual([404, 'event_not_found'])
  })
})

it('finds events that were counted before the meter spread, and after', async () => {
  const before = await Promise.all(['a', 'b', 'c', 'd'].map((id) => record(event('wide', id))))
  await env.USAGE_METER.getByName('wide').spreadTo({ shards: 4 })
  const after = await Promise.all(['e', 'f', 'g', 'h'].map((id) => record(event('wide', id))))
  for (const ref of [...before, ...after])
    expect((await update({ event_ref: ref, quantity: 10 })).json).toMatchObject({ outcome: 'amended' })
  expect(await totals('wide')).toEqual({ units: ['80', 8] })
  for (const ref of [before[0]!, after[0]!]) expect((await remove(ref)).json.outcome).toBe('voided')
  expect(await totals('wide')).toEqual({ units: ['60', 6] })
})
