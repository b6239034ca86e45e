import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Metric } from '../../src/catalog/metric.ts'
import { recordEvents } from '../../src/usage/ingest.job.ts'
import { KnownIds } from '../../src/usage/known-ids/known-ids.store.ts'
import { meteredGroups } from '../../src/usage/metrics/metered-value.ts'
import { previewCells } from '../../src/usage/metrics/preview.ts'
import { formatQuantity } from '../../src/usage/quantity.ts'
import { event, record } from '../support/meter.ts'
import { api, env } from '../support/worker.ts'
import { entriesOf, placesOf } from './known-ids/entries.ts'
import { ALL, archive, billedBy, disturb, listOf, meterOf, monthly, teach, totalsOf } from './meters.ts'

/** More than a day ago, so that all is due for the archive. */
const LONG_AGO = Date.UTC(2024, 5, 1)

const SUM: Metric = { type: 'sum' }

type Fact = { id: string; product: string; at: string; quantity: string }

const fact = (customer: string, { id, product, at, quantity }: Fact) =>
  event(customer, id, at, quantity, { usage_product_ref: product })

const anyFacts = fc
  .uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 500 }).map((id) => `e${id}`),
      product: fc.constantFrom('calls', 'storage'),
      at: fc
        .date({ min: new Date('2024-01-01'), max: new Date('2024-03-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      quantity: fc.integer({ min: -999_999, max: 999_999 }).map((units) => `${units}e-4`),
    }),
    { selector: ({ id }) => id, minLength: 10, maxLength: 60 },
  )
  .chain((facts) =>
    fc.record({
      facts: fc.constant(facts),
      // Each of them once, and many of them again.
      order: fc
        .tuple(fc.constant(facts), fc.subarray(facts), fc.subarray(facts))
        .chain((parts) => fc.shuffledSubarray(parts.flat(), { minLength: parts.flat().length })),
      batches: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 12, maxLength: 12 }),
      disturbances: fc.array(fc.constantFrom('none', 'none', 'evicted', 'aborted', 'archived'), {
        minLength: 12,
        maxLength: 12,
      }),
    }),
  )

describe('any order, any repeats, any batches, and the memory lost in between', () => {
  const worlds = fc.sample(anyFacts, { numRuns: 8, seed: 20240601 })

  it.each(worlds.map((world, index) => [index, world] as const))(
    'world %i: the same totals and the same list',
    async (index, { facts, order, batches, disturbances }) => {
      const [plain, rough] = [`plain-${index}`, `rough-${index}`]
      await record(LONG_AGO, ...facts.map((one) => fact(plain, one)))
      let accepted = 0
      for (let first = 0, call = 0; first < order.length; call++) {
        const size = batches[call % batches.length]!
        const outcomes = await record(
          LONG_AGO,
          ...order.slice(first, first + size).map((one) => fact(rough, one)),
        )
        accepted += outcomes.filter(({ outcome }) => outcome === 'accepted').length
        first += size
        const disturbance = disturbances[call % disturbances.length]
        if (disturbance === 'archived') await archive(rough)
        else if (disturbance !== 'none') await disturb(rough, disturbance === 'aborted')
      }
      expect(accepted).toBe(facts.length)
      expect(await totalsOf(rough)).toEqual(await totalsOf(plain))
      expect(await listOf(rough)).toEqual(await listOf(plain))
      expect((await listOf(rough)).map(({ eventId }) => eventId)).toEqual(facts.map(({ id }) => id).sort())
    },
  )
})

describe('many events of one customer', () => {
  const BATCH = 500
  /** More than make a run of ids, so that all that is saved now and then is saved. */
  const EVENTS = 35_000
  const many = (first: number, count: number, quantity = '0.001') =>
    Array.from({ length: count }, (_, index) =>
      event('many', `e${first + index}`, '2024-02-05T09:00:00Z', quantity),
    )

  it('cost fewer rows than one for twenty, and each is known again', async () => {
    const written = await rowsWritten('many', async () => {
      for (let first = 0; first < EVENTS; first += BATCH)
        await recordEvents(env, many(first, BATCH), LONG_AGO)
    })
    expect(written / EVENTS).toBeLessThan(0.05)
    // 35,000 thousandths.
    expect(await totalsOf('many')).toEqual({ units: [EVENTS, '35'] })

    // The first are in a run, the last in memory and in the log alone.
    await evictDurableObject(meterOf('many'))
    const again = await record(LONG_AGO, ...many(0, 2_000), ...many(EVENTS - 2_000, 2_000))
    expect(again.every(({ outcome }) => outcome === 'duplicate')).toBe(true)
    const other = await record(LONG_AGO, ...many(0, 5, '2'), ...many(EVENTS - 5, 5, '2'))
    expect(other.every(({ outcome }) => outcome === 'conflict')).toBe(true)
    expect(await totalsOf('many')).toEqual({ units: [EVENTS, '35'] })
  })

  it('are known, told from others and compared when they are in the archive', async () => {
    await archive('many')
    const outcomes = await record(
      LONG_AGO,
      ...many(10, 1),
      ...many(11, 1, '2'),
      // In other words, but the same.
      ...many(12, 1, '1e-3'),
      ...many(EVENTS, 1),
    )
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['duplicate', 'conflict', 'duplicate', 'accepted'])
    expect(await totalsOf('many')).toEqual({ units: [EVENTS + 1, '35.001'] })
  })

  it('are archived under their customer by a meter that is woken by an alarm, and not by its name', async () => {
    const one = (quantity: string) => event('nameless', 'e1', '2024-02-05T09:00:00Z', quantity)
    await record(LONG_AGO, one('1'))
    await evictDurableObject(meterOf('nameless'))
    const id = env.USAGE_METER.idFromName('nameless').toString()
    await archive('nameless', env.USAGE_METER.get(env.USAGE_METER.idFromString(id)))
    await evictDurableObject(meterOf('nameless'))
    expect((await record(LONG_AGO, one('2'))).map(({ outcome }) => outcome)).toEqual(['conflict'])
    expect((await listOf('nameless')).map(({ eventId }) => eventId)).toEqual(['e1'])
  })

  // A row each 20 ms; a meter saves what 256 of them have come to.
  it('come to the same one by one: 260 rows of the log', async () => {
    for (let index = 0; index < 260; index++)
      await record(LONG_AGO, event('single', `e${index}`, '2024-02-05T09:00:00Z', '0.1'))
    await disturb('single', true)
    expect(await totalsOf('single')).toEqual({ units: [260, '26'] })
    const again = await record(
      LONG_AGO,
      ...Array.from({ length: 260 }, (_, index) =>
        event('single', `e${index}`, '2024-02-05T09:00:00Z', '0.1'),
      ),
    )
    expect(again.every(({ outcome }) => outcome === 'duplicate')).toBe(true)
  })
})

/** The rows that a meter writes while something is done. */
async function rowsWritten(name: string, act: () => Promise<void>): Promise<number> {
  const cursors: { rowsWritten: number }[] = []
  await runInDurableObject(meterOf(name), async ({ sql }) => {
    const exec = sql.exec.bind(sql)
    sql.exec = ((...args: Parameters<typeof exec>) => {
      const cursor = exec(...args)
      cursors.push(cursor)
      return cursor
    }) as typeof exec
    await act()
  })
  return cursors.reduce((rows, cursor) => rows + cursor.rowsWritten, 0)
}

describe('the ids that a meter knows', () => {
  const RUN = 33_000

  it('are found among the recent ones, in runs and in runs that were joined', async () => {
    await runInDurableObject(meterOf('runs'), (_, { storage }) => {
      const { sql } = storage
      const numberOf = (known: KnownIds, entries: Uint32Array, at: number) => known.find(entries, at)?.number
      const ids = new KnownIds(sql)
      const sets = Array.from({ length: 6 }, (_, set) => entriesOf(`set-${set}-`, RUN, set * RUN + 1))
      // Four runs are joined into one, one more stands beside it, and the last ids are in no run.
      for (const [set, entries] of sets.entries()) {
        ids.take(set === 5 ? entries.subarray(0, 600) : entries)
        storage.transactionSync(() => ids.save(LONG_AGO + set))
      }
      const levels = sql.exec('SELECT level, last_at FROM id_runs ORDER BY level').toArray()
      expect(levels).toEqual([
        { level: 0, last_at: LONG_AGO + 4 },
        { level: 1, last_at: LONG_AGO + 3 },
      ])
      for (const known of [ids, new KnownIds(sql)]) {
        for (const entries of sets.slice(0, 5)) {
          const places = placesOf(entries).filter((_, index) => index % 50 === 0)
          expect(places.map((at) => numberOf(known, entries, at))).toEqual(
            places.map((at) => entries[at + 5]),
          )
        }
        const [last] = sets.slice(5)
        expect(numberOf(known, last!, 0)).toBe(5 * RUN + 1)
        const strangers = entriesOf('stranger-', 3_000)
        expect(placesOf(strangers).filter((at) => known.find(strangers, at))).toEqual([])
      }
      storage.transactionSync(() => ids.forget(LONG_AGO + 4))
      const forgotten = placesOf(sets[0]!).slice(0, 100)
      for (const known of [ids, new KnownIds(sql)]) {
        expect(forgotten.filter((at) => known.find(sets[0]!, at))).toEqual([])
        expect(numberOf(known, sets[4]!, 0)).toBe(4 * RUN + 1)
      }
    })
  })

  it('keep their content when they are heard of again with another one after weeks', async () => {
    const WEEK = 7 * 86_400_000
    const one = (quantity: string) => event('fading', 'e1', '2024-02-05T09:00:00Z', quantity)
    await record(LONG_AGO, one('1'))
    // Only an id in a run can fade.
    await runInDurableObject(meterOf('fading'), ({ books, storage }) =>
      storage.transactionSync(() => books.ids.close(LONG_AGO)),
    )
    const outcomes = []
    for (const quantity of ['2', '2', '1', '2'])
      outcomes.push(...(await record(LONG_AGO + 2 * WEEK, one(quantity))).map(({ outcome }) => outcome))
    expect(outcomes).toEqual(['conflict', 'conflict', 'duplicate', 'conflict'])
    expect(await totalsOf('fading')).toEqual({ units: [1, '1'] })
  })
})

describe('a seal between any two events', () => {
  // In cycles 1 and 2 by turns, and one in cycle 3.
  const facts = ['01-05', '02-05', '01-31', '02-29', '01-01', '03-01', '01-06', '02-01'].map(
    (day, index) => ({
      id: `e${index}`,
      product: 'calls',
      at: `2024-${day}T0${index}:00:00Z`,
      quantity: `${index + 1}`,
    }),
  )
  const metrics = { calls: SUM }
  const [first, second, third] = [monthly(1, metrics), monthly(2, metrics), monthly(3, metrics)] as const

  it.each(Array.from({ length: 9 }, (_, sealed) => [sealed] as const))(
    'after %i of them: what is billed is what was used',
    async (sealed) => {
      const name = `sealed-${sealed}`
      await record(LONG_AGO, ...facts.slice(0, sealed).map((one) => fact(name, one)))
      const before = await meterOf(name).seal(first)
      await record(LONG_AGO, ...facts.map((one) => fact(name, one)))
      await disturb(name, sealed % 2 === 0)
      expect(await meterOf(name).seal(first)).toEqual(before)
      // January 1 + 3 + 5 + 7 = 16, February 2 + 4 + 8 = 14, March 6.
      expect(await billedBy(name, [first, second, third])).toEqual({
        '1 calls': '16',
        '2 calls': '14',
        '3 calls': '6',
      })
    },
  )

  it('corrects a cycle by the metric that it was sealed by, whatever the product is measured by since', async () => {
    const name = 'remeasured'
    const [users, largest] = [{ type: 'unique_count', field: 'user' }, { type: 'max' }] as const
    const use = (id: string, quantity: string) =>
      event(name, id, '2024-01-05T00:00:00Z', quantity, { additional_report_data: { user: id } })
    const seal = async (cycleNo: number, metric: Metric) =>
      (await meterOf(name).seal(monthly(cycleNo, { units: metric }))).corrections
    await record(LONG_AGO, use('a', '5'))
    await meterOf(name).seal(monthly(1, { units: largest }))
    await record(LONG_AGO, use('b', '9'))
    // The largest of 5 and 9; and it was reported once.
    expect(await seal(2, users)).toMatchObject([{ cycleNo: 1, productRef: 'units', quantity: '9' }])
    expect(await seal(3, largest)).toEqual([])
  })

  it('corrects all later cycles where a metric carries over', async () => {
    const carried: Record<string, Metric> = {
      seats: { type: 'sum', recurring: true },
      users: { type: 'unique_count', field: 'user', recurring: true },
    }
    const cycles = [1, 2, 3, 4].map((cycleNo) => monthly(cycleNo, carried))
    const use = (product: string, id: string, day: string, quantity: string, data = {}) =>
      event('carried', `${product}-${id}`, `2024-${day}T12:00:00Z`, quantity, {
        usage_product_ref: product,
        additional_report_data: data,
      })
    await record(LONG_AGO, use('seats', 'a', '01-10', '5'), use('users', 'a', '01-10', '1', { user: 'ada' }))
    expect(await billedBy('carried', cycles.slice(0, 3))).toEqual({
      ...{ '1 seats': '5', '2 seats': '5', '3 seats': '5' },
      ...{ '1 users': '1', '2 users': '1', '3 users': '1' },
    })
    await record(
      LONG_AGO,
      use('seats', 'late', '02-10', '2'),
      use('users', 'late', '01-20', '1', { user: 'ben' }),
      use('users', 'gone', '03-02', '1', { user: 'ada', operation_type: 'remove' }),
    )
    await disturb('carried', false)
    expect(await billedBy('carried', cycles)).toEqual({
      ...{ '1 seats': '5', '2 seats': '7', '3 seats': '7', '4 seats': '7' },
      ...{ '1 users': '2', '2 users': '2', '3 users': '1', '4 users': '1' },
    })
  })
})

describe('every metric, from the log, the archive and memory, amended and voided', () => {
  const METRICS: Record<string, Metric> = {
    max: { type: 'max' },
    min: { type: 'min', field: 'size' },
    avg: { type: 'avg' },
    distinct: { type: 'unique_count', field: 'user' },
    p90: { type: 'percentile', percentile: '0.9' },
    weighted: { type: 'weighted_sum', recurring: true },
    latest: { type: 'latest', filter: { region: ['eu', 'us'] }, group_by: ['region'] },
    kept: { type: 'sum', recurring: true, exclude: [{ region: ['us'] }] },
    counted: { type: 'count', filter: { region: ['us'] } },
    plain: SUM,
  }
  const PRODUCTS = Object.keys(METRICS)
  const REGIONS = ['eu', 'us', 'ap']
  const USERS = ['ada', 'ben', 'cem']

  type Use = { id: string; product: string; at: number; quantity: string; data: Record<string, unknown> }

  /** 30 uses of each product, no two at the same instant, in January and February. */
  const uses: Use[] = Array.from({ length: 30 * PRODUCTS.length }, (_, index) => {
    const turn = Math.floor(index / PRODUCTS.length)
    return {
      id: `e${index}`,
      product: PRODUCTS[index % PRODUCTS.length]!,
      at: Date.UTC(2024, 0, 1) + ((turn * 7) % 30) * 172_800_000 + index * 1_000,
      quantity: String(((turn * 37) % 23) - 4),
      data: {
        region: REGIONS[turn % 3],
        size: (turn * 13) % 11,
        user: USERS[(turn * 5) % 3],
        ...(turn % 7 === 3 ? { operation_type: 'remove' } : {}),
      },
    }
  })

  const sent = ({ id, product, at, quantity, data }: Use) =>
    event('measured', id, new Date(at).toISOString(), quantity, {
      usage_product_ref: product,
      additional_report_data: data,
    })

  /** What the preview of a metric makes of the same events. */
  const measured = (own: readonly Use[], product: string, start: number, end: number) => {
    const metric = METRICS[product]!
    const events = own
      .filter((use) => use.product === product)
      .map((use) => ({
        customerRef: 'measured',
        eventId: use.id,
        at: use.at,
        quantity: use.quantity,
        properties: use.data,
      }))
    return formatQuantity(meteredGroups(metric, previewCells(metric, events), { start, end }).total)
  }

  const expectMeasured = async (own: readonly Use[], start: number, end: number) => {
    const usage = await meterOf('measured').summary({ ...ALL, start, end })
    const values = Object.fromEntries(usage.map(({ productRef, value }) => [productRef, value]))
    const expected = PRODUCTS.map((product) => [product, measured(own, product, start, end)])
    expect(values).toEqual(Object.fromEntries(expected))
  }

  const JANUARY = [Date.UTC(2024, 0, 1), Date.UTC(2024, 1, 1)] as const
  /** Cuts a quarter of an hour at both ends. */
  const CUT = [Date.UTC(2024, 0, 9, 0, 0, 45), Date.UTC(2024, 1, 20, 0, 3, 20, 500)] as const
  /** Up to just behind the last event: nothing lies in the rest of its quarter of an hour. */
  const TO_THE_LAST = [JANUARY[0], Math.max(...uses.map(({ at }) => at)) + 1] as const

  const numberOf = (id: string): Promise<number> =>
    runInDurableObject(meterOf('measured'), async ({ raw }) => {
      for await (const events of raw.batches({ start: 0, end: ALL.end })) {
        const found = events.find(({ eventId }) => eventId === id)
        if (found) return found.number
      }
      throw new Error(`there is no event ${id}`)
    })

  it('is what the preview says', async () => {
    await record(LONG_AGO, ...uses.slice(0, 100).map(sent))
    await archive('measured')
    await record(Date.now(), ...uses.slice(100, 200).map(sent))
    await teach('measured', METRICS)
    await expectMeasured(uses.slice(0, 200), ...JANUARY)
    await record(Date.now(), ...uses.slice(200).map(sent))
    await expectMeasured(uses, ...CUT)
    await expectMeasured(uses, ...TO_THE_LAST)
    await disturb('measured', false)
    await expectMeasured(uses, ...JANUARY)
    await expectMeasured(uses, ...CUT)
    await expectMeasured(uses, ...TO_THE_LAST)
  })

  it('agrees with the call that previews metrics', async () => {
    const body = {
      metric: METRICS.p90,
      events: uses
        .filter(({ product }) => product === 'p90')
        .map(({ id, at, quantity, data }) => ({
          event_id: id,
          timestamp: new Date(at).toISOString(),
          quantity,
          properties: data,
        })),
      from: '2024-01-01',
      to: '2024-02-01',
    }
    const answer = await api('POST', '/api/preview/aggregate', { body })
    expect(answer.json).toEqual({ value: measured(uses, 'p90', ...JANUARY) })
  })

  it('is the same in seals', async () => {
    const { products } = await meterOf('measured').seal(monthly(1, METRICS))
    for (const { productRef, quantity, byMonth, groups } of products) {
      expect([productRef, quantity]).toEqual([productRef, measured(uses, productRef, ...JANUARY)])
      expect(byMonth).toEqual({ '2024-01': quantity })
      expect(groups === undefined).toBe(productRef !== 'latest')
    }
  })

  it('follows amendments and voids, from the archive, the log and memory', async () => {
    const changed = uses.map((use) => ({ ...use }))
    const now = Date.now()
    const change = async (index: number, to: Partial<Use> | null) => {
      const next = to && { ...changed[index]!, ...to }
      const number = await numberOf(changed[index]!.id)
      const body = next && (JSON.parse(sent(next).body) as Record<string, unknown>)
      expect(await meterOf('measured').revise({ number, basedOn: 0, event: body, now })).toBe('revised')
      if (next) changed[index] = next
      else changed[index] = { ...changed[index]!, product: 'voided' }
    }
    // Of each product: one of the archive, one of the log, one that came last.
    for (const [place] of PRODUCTS.entries()) {
      await change(place, { quantity: '100', at: uses[place]!.at + 86_400_000 })
      await change(110 + place, null)
      await change(250 + place, { data: { region: 'eu', size: 99, user: 'dua' } })
    }
    await expectMeasured(changed, ...JANUARY)
    await disturb('measured', true)
    await expectMeasured(changed, ...JANUARY)
    await expectMeasured(changed, ...CUT)
    const requests = [1, 2].map((cycleNo) => monthly(cycleNo, METRICS))
    const billed = await billedBy('measured', requests)
    for (const { cycleNo, start, end } of requests)
      for (const product of PRODUCTS)
        expect([cycleNo, product, billed[`${cycleNo} ${product}`]]).toEqual([
          cycleNo,
          product,
          measured(changed, product, start, end),
        ])
  })
})
