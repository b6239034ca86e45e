import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { Metric } from '../../src/catalog/metric.ts'
import type { Env } from '../../src/env.ts'
import { meterBusy } from '../../src/usage/ask-meter.job.ts'
import { consign } from '../../src/usage/consignment.ts'
import { recordEvents } from '../../src/usage/ingest.job.ts'
import { UsageMeter } from '../../src/usage/meter/meter.object.ts'
import { type PackedParcel, packed } from '../../src/usage/parcel.ts'
import { type Spread, shardName, UNSPREAD } from '../../src/usage/shards.ts'
import type { UsageEvent } from '../../src/usage/usage-event.ts'
import type { ParcelAnswer } from '../../src/usage/verdict.ts'
import { event, record } from '../support/meter.ts'
import { api, env } from '../support/worker.ts'
import { ALL, archive, billedBy, disturb, listOf, meterOf, monthly, teach, totalsOf } from './meters.ts'

const LONG_AGO = Date.UTC(2024, 5, 1)
const SUM: Metric = { type: 'sum' }

/** Events `e<first>` and so on, each of a tenth, in January and February by turns. */
const some = (customer: string, first: number, count: number, quantity = '0.1') =>
  Array.from({ length: count }, (_, index) =>
    event(customer, `e${first + index}`, `2024-0${((first + index) % 2) + 1}-05T09:00:00Z`, quantity),
  )

const spreadTo = (name: string, shards: number) => meterOf(name).spreadTo({ shards })

const outcomesOf = async (...events: UsageEvent[]): Promise<Record<string, number>> => {
  const counted: Record<string, number> = {}
  for (const { verdict } of await recordEvents(env, events, LONG_AGO))
    counted[verdict.outcome] = (counted[verdict.outcome] ?? 0) + 1
  return counted
}

/** How many events each shard has counted itself. */
const ownCounts = (name: string, shards: number): Promise<number[]> =>
  Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      runInDurableObject(meterOf(shardName(name, shard)), ({ books }) => books.lastNumber),
    ),
  )

/** Sends parcels as an isolate would that knows of the spread given. */
const sendBy = (spread: Spread, events: readonly UsageEvent[]): Promise<ParcelAnswer[]> =>
  Promise.all(
    consign(events, events.keys(), new Map([[events[0]!.customerRef, spread]]), LONG_AGO).map(
      ({ meter, parcel }) => meterOf(meter).record(packed(parcel), spread) as Promise<ParcelAnswer>,
    ),
  )

/** A parcel of one event. */
const alone = (one: UsageEvent): PackedParcel => packed(consign([one], [0], new Map(), LONG_AGO)[0]!.parcel)

describe('a meter that is spread', () => {
  it('while events come in, again and again: each counts once', async () => {
    const name = 'hot'
    await record(LONG_AGO, ...some(name, 0, 500))
    const batches = Array.from({ length: 60 }, (_, batch) =>
      // 50 that are fresh, and 30 of those that came before, or will.
      [...some(name, 500 + batch * 50, 50), ...some(name, (batch * 397) % 3_400, 30)],
    )
    const answers = await Promise.all([
      ...batches.map((batch, index) =>
        index === 20 ? spreadTo(name, 2).then(() => outcomesOf(...batch)) : outcomesOf(...batch),
      ),
      spreadTo(name, 8),
    ])
    await spreadTo(name, 8)
    expect(answers).toHaveLength(61)
    // 500 + 60 x 50 = 3,500 events of a tenth.
    expect(await totalsOf(name)).toEqual({ units: [3_500, '350'] })
    expect(await outcomesOf(...some(name, 0, 3_500))).toEqual({ duplicate: 3_500 })
    expect(await outcomesOf(...some(name, 3_500, 400))).toEqual({ accepted: 400 })
    const counts = await ownCounts(name, 8)
    expect(counts.every((count) => count > 0)).toBe(true)
    expect(counts.reduce((total, count) => total + count)).toBe(3_900)
    const list = await listOf(name)
    expect(new Set(list.map(({ eventId }) => eventId)).size).toBe(3_900)
    expect(list).toHaveLength(3_900)
  })

  it('knows repeats and conflicts of every time, after all memory was lost and all is archived', async () => {
    const name = 'grown'
    await record(LONG_AGO, ...some(name, 0, 300))
    await spreadTo(name, 2)
    await record(LONG_AGO, ...some(name, 300, 300))
    await spreadTo(name, 8)
    await record(LONG_AGO, ...some(name, 600, 300))
    for (let shard = 0; shard < 8; shard++) await archive(shardName(name, shard))
    await disturb(name, true)
    expect(await outcomesOf(...some(name, 0, 900))).toEqual({ duplicate: 900 })
    expect(await outcomesOf(...some(name, 0, 900, '7'))).toEqual({ conflict: 900 })
    // The same in other words.
    expect(await outcomesOf(...some(name, 250, 400, '1e-1'))).toEqual({ duplicate: 400 })
    expect(await totalsOf(name)).toEqual({ units: [900, '90'] })
  })

  it('tells whoever knows less of it, and learns from whoever knows more', async () => {
    const name = 'told'
    await record(LONG_AGO, ...some(name, 0, 100))
    const { spread } = await spreadTo(name, 4)
    expect(spread).toEqual([1, 4])
    expect(await sendBy(UNSPREAD, some(name, 0, 200))).toEqual([{ spread }])
    const answers = await sendBy(spread, some(name, 0, 200))
    expect(answers).toHaveLength(4)
    // 100 of the 200 are repeats.
    const others = answers.map((answer) => ('others' in answer ? answer.others.length : Number.NaN))
    expect(others.reduce((total, count) => total + count)).toBe(100)
    // It is never spread over fewer again.
    expect(await spreadTo(name, 2)).toEqual({ spread, automatic: true })
    expect(await totalsOf(name)).toEqual({ units: [200, '20'] })
  })

  it('corrects sealed cycles for what comes to a shard that there was not before', async () => {
    const name = 'sealed-shards'
    const metrics = { units: SUM }
    await record(LONG_AGO, ...some(name, 0, 20))
    const first = await meterOf(name).seal(monthly(1, metrics))
    expect(first.products[0]?.quantity).toBe('1')
    await spreadTo(name, 4)
    await record(LONG_AGO, ...some(name, 0, 60))
    await disturb(name, true)
    expect(await meterOf(name).seal(monthly(1, metrics))).toEqual(first)
    // 30 of a tenth in each month.
    const cycles = [1, 2].map((cycleNo) => monthly(cycleNo, metrics))
    expect(await billedBy(name, cycles)).toEqual({ '1 units': '3', '2 units': '3' })
    await record(LONG_AGO, ...some(name, 60, 20))
    expect(await billedBy(name, [...cycles, monthly(3, metrics)])).toEqual({
      ...{ '1 units': '4', '2 units': '4' },
      '3 units': '0',
    })
  })

  it('measures events of all shards, whenever it learns how', async () => {
    const name = 'measured-shards'
    const use = (index: number) =>
      event(name, `e${index}`, new Date(Date.UTC(2024, 0, 2) + index * 60_000).toISOString(), `${index}`, {
        additional_report_data: { user: `user-${index % 17}` },
      })
    const uses = Array.from({ length: 120 }, (_, index) => use(index))
    await record(LONG_AGO, ...uses.slice(0, 40))
    await spreadTo(name, 4)
    await record(LONG_AGO, ...uses.slice(40, 80))
    await archive(shardName(name, 1))
    const users: Metric = { type: 'unique_count', field: 'user' }
    const readValue = async () => (await meterOf(name).summary(ALL))[0]?.value
    // What was on its way when the metric changed must not be taken for what it asks.
    await Promise.all([readValue(), teach(name, { units: users }), readValue()])
    expect(await readValue()).toBe('17')
    await Promise.all([readValue(), teach(name, { units: { type: 'max' } }), readValue()])
    expect(await readValue()).toBe('79')
    await record(LONG_AGO, ...uses.slice(80))
    expect(await readValue()).toBe('119')
    await evictDurableObject(meterOf(shardName(name, 2)))
    const { products } = await meterOf(name).seal(monthly(1, { units: users }))
    expect(products[0]?.quantity).toBe('17')
  })

  it('hands over what it knows when it is more than one answer can hold', async () => {
    const name = 'wise'
    await runInDurableObject(meterOf(name), (_, { storage: { sql } }) => {
      // 20 runs whose filters, of 1.9 MB each, let nothing pass; what comes now goes into a later one.
      for (let run = 1; run <= 20; run++)
        sql.exec('INSERT INTO id_runs VALUES (?, 9, 0, 0, ?)', run, new ArrayBuffer(59_375 * 32))
    })
    await evictDurableObject(meterOf(name))
    await record(LONG_AGO, ...some(name, 0, 50))
    await spreadTo(name, 2)
    expect(await outcomesOf(...some(name, 0, 80))).toEqual({ duplicate: 50, accepted: 30 })
  })

  it('is brought together when it is more than one answer can hold', async () => {
    const name = 'vast'
    await teach(name, { units: { type: 'unique_count', field: 'user' } })
    await spreadTo(name, 2)
    await totalsOf(name)
    await runInDurableObject(meterOf(shardName(name, 1)), (_, { storage: { sql } }) => {
      // One event in each of 30,000 quarters of an hour.
      sql.exec(`WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 30000)
        INSERT INTO cells SELECT 'units', n * 900000, 0, '0.1', 1, 1 FROM place`)
      // Of the first quarter 16 parts, and one of each of the four after it: 20 states of 1.9 MB, each of one user.
      for (let row = 0; row < 20; row++) {
        const [bucket, part] = row < 16 ? [1, row] : [row - 14, 0]
        const state = JSON.stringify([[`${row}${'-'.repeat(1_900_000)}`, bucket * 900_000, 0, row, 1]])
        sql.exec(
          `INSERT INTO metric_cells VALUES ('units', ?, (SELECT series FROM metrics), '', ?, 0, ?, 1)`,
          bucket * 900_000,
          part,
          state,
        )
      }
    })
    const [usage] = await meterOf(name).summary(ALL)
    // 30,000 events of a tenth.
    expect(usage).toMatchObject({ quantity: '3000', events: 30_000, value: '20' })
  })
})

describe('a meter that has too much to do', () => {
  it('sends calls away and spreads by itself; sent again, everything counts once', async () => {
    const name = 'stormed'
    const events = some(name, 0, 2_600)
    const parcels = events.map(alone)
    const answers = (await runInDurableObject(meterOf(name), (instance) =>
      Promise.all(parcels.map((parcel) => instance.record(parcel, UNSPREAD))),
    )) as ParcelAnswer[]
    expect(answers.filter((answer) => 'busy' in answer)).toHaveLength(600)
    expect(await meterOf(name).spreadTo({})).toEqual({ spread: [1, 2], automatic: true })
    // Those that waited while it spread were told so, and not counted.
    const counted = answers.filter((answer) => 'others' in answer).length
    const { accepted = 0, duplicate = 0, ...others } = await outcomesOf(...events)
    expect([accepted, duplicate, others]).toEqual([2_600 - counted, counted, {}])
    expect(await totalsOf(name)).toEqual({ units: [2_600, '260'] })
    const counts = await ownCounts(name, 2)
    expect(counts[0]! + counts[1]!).toBe(2_600)
  })

  it('stays as it is where its setting says so', async () => {
    const name = 'fixed'
    await meterOf(name).spreadTo({ automatic: false })
    const parcels = some(name, 0, 2_001).map(alone)
    await runInDurableObject(meterOf(name), (instance) =>
      Promise.all(parcels.map((parcel) => instance.record(parcel, UNSPREAD))),
    )
    await disturb(name, false)
    expect(await meterOf(name).spreadTo({})).toEqual({ spread: [1], automatic: false })
  })

  it.each([
    ['/api/usage/event', (one: unknown) => one],
    ['/api/usage/events', (one: unknown) => [one]],
  ])('is answered by %s with 503 and when to come back', async (path, bodyOf) => {
    const busy = { record: async () => ({ busy: true }) }
    const badEnv: Env = { ...env, USAGE_METER: { getByName: () => busy } as unknown as Env['USAGE_METER'] }
    const request = new Request(`http://accrue.test${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox_ingest_key', 'content-type': 'application/json' },
      body: JSON.stringify(
        bodyOf({
          timestamp: '2024-02-05T09:00:00Z',
          customer_ref: 'busy',
          usage_product_ref: 'units',
          quantity: 1,
        }),
      ),
    })
    const context = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext
    const answer = await createApp().fetch(request, badEnv, context)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await answer.json()).toMatchObject({ code: 'meter_busy' })
  })
  it('is waited for by whoever needs its answer for another', async () => {
    const gather = vi.spyOn(UsageMeter.prototype, 'changes').mockRejectedValue(meterBusy())
    const name = 'waits'
    await outcomesOf(...some(name, 0, 20))
    await spreadTo(name, 2)
    await outcomesOf(...some(name, 20, 40))
    const ask = () => api('GET', `/api/usage/summary?customer_ref=${name}`)
    expect(await ask()).toMatchObject({ status: 503, json: { code: 'meter_busy' } })
    gather.mockRestore()
    expect((await ask()).status).toBe(200)
  })
})
