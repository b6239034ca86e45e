import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { contracts } from '../../src/contracts/contracts.schema.ts'
import { commit, insertRows, openDb } from '../../src/storage/db.store.ts'
import { teachMeter } from '../../src/usage/calendar.job.ts'
import { recordEvent } from '../../src/usage/ingest.job.ts'
import { decompressed } from '../../src/usage/meter/archive.store.ts'
import type { SealRequest } from '../../src/usage/sealed-usage.ts'
import { event, record } from '../support/meter.ts'
import { env } from '../support/worker.ts'
import { contract } from './contract.ts'

const NOW = Date.UTC(2024, 5, 1)
const at = Date.parse

const meterOf = (customerRef: string) => env.USAGE_METER.getByName(customerRef)

/** The first or second cycle of a contract in New York, from the 15th to the 15th; 5 hours behind UTC. */
function cycle(cycleNo: 1 | 2, metric: 'sum' | 'count' = 'sum'): SealRequest {
  const [first, second] = cycleNo === 1 ? ['01', '02'] : ['02', '03']
  const start = at(`2024-${first}-15T05:00:00Z`)
  // New York changes its clocks on 10 March 2024.
  const end = at(cycleNo === 1 ? '2024-02-15T05:00:00Z' : '2024-03-15T04:00:00Z')
  const turn = at(`2024-${second}-01T05:00:00Z`)
  return {
    contractRef: 'c1',
    cycleNo,
    start,
    end,
    products: [{ productRef: 'units', metric: { type: metric } }],
    months: [
      { month: `2024-${first}`, start, end: turn },
      { month: `2024-${second}`, start: turn, end },
    ],
  }
}

describe('a seal', () => {
  it('counts the half-open cycle, whole and by month', async () => {
    const meter = meterOf('seal')
    await record(
      NOW,
      event('seal', 'before', '2024-01-15T04:59:59.999Z', '1000'),
      event('seal', 'first', '2024-01-15T05:00:00Z', '0.1'),
      event('seal', 'january', '2024-02-01T04:59:59.999Z', '0.2'),
      event('seal', 'february', '2024-02-01T05:00:00Z', '4'),
      event('seal', 'last', '2024-02-15T04:59:59.999Z', '8'),
      event('seal', 'after', '2024-02-15T05:00:00Z', '2000'),
    )
    const { products, corrections } = await meter.seal(cycle(1))
    expect(products).toEqual([
      { productRef: 'units', quantity: '12.3', byMonth: { '2024-01': '0.3', '2024-02': '12' } },
    ])
    expect(corrections).toEqual([])
  })

  it('counts events where the metric says so, and nothing where nothing was used', async () => {
    const meter = meterOf('count')
    await record(NOW, event('count', 'a', '2024-01-20T00:00:00Z', '7'))
    const request = { ...cycle(1, 'count'), products: [...cycle(1, 'count').products] }
    request.products.push({ productRef: 'unused', metric: { type: 'sum' } })
    expect((await meter.seal(request)).products).toEqual([
      { productRef: 'units', quantity: '1', byMonth: { '2024-01': '1', '2024-02': '0' } },
      { productRef: 'unused', quantity: '0', byMonth: { '2024-01': '0', '2024-02': '0' } },
    ])
  })

  it('brings the metric that answers to events show totals by', async () => {
    const meter = meterOf('shown')
    const send = (id: string) => record(NOW, event('shown', id, '2024-01-20T00:00:00Z', '7'))
    expect(await send('a')).toEqual([{ outcome: 'accepted', total: '7' }])
    await meter.seal(cycle(1, 'count'))
    expect(await send('b')).toEqual([{ outcome: 'accepted', total: '2' }])
  })

  it('stays as it is for ever; what comes later is corrected by the next one, once', async () => {
    const meter = meterOf('late')
    await record(NOW, event('late', 'a', '2024-01-20T00:00:00Z', '7'))
    const first = await meter.seal(cycle(1))

    await record(NOW, event('late', 'b', '2024-02-05T00:00:00Z', '0.5'))
    await evictDurableObject(meter)
    expect(await meter.seal(cycle(1))).toEqual(first)

    const second = await meter.seal(cycle(2))
    expect(second.products[0]?.quantity).toBe('0')
    expect(second.corrections).toEqual([
      { cycleNo: 1, productRef: 'units', quantity: '7.5', byMonth: { '2024-01': '7', '2024-02': '0.5' } },
    ])

    await record(NOW, event('late', 'c', '2024-02-05T00:00:00Z', '1'))
    expect(await meter.seal(cycle(2))).toEqual(second)
    expect(await meter.seal(cycle(1))).toEqual(first)
    const third: SealRequest = {
      ...cycle(2),
      cycleNo: 3,
      start: cycle(2).end,
      end: at('2024-04-15T04:00:00Z'),
    }
    expect((await meter.seal({ ...third, months: [] })).corrections).toEqual([
      { cycleNo: 1, productRef: 'units', quantity: '8.5', byMonth: { '2024-01': '7', '2024-02': '1.5' } },
    ])
    const fourth = { ...third, cycleNo: 4, start: third.end, end: at('2024-05-15T04:00:00Z'), months: [] }
    expect((await meter.seal(fourth)).corrections).toEqual([])
  })

  it('can be looked at before, again and again, without a trace', async () => {
    const meter = meterOf('preview')
    await record(NOW, event('preview', 'a', '2024-01-20T00:00:00Z', '1'))
    expect((await meter.preview(cycle(1))).products).toMatchObject([{ quantity: '1' }])
    await record(NOW, event('preview', 'b', '2024-01-20T00:00:00Z', '1'))
    // As of an instant: nothing counts that was used from then on, whenever it was reported; all months are there.
    expect((await meter.preview(cycle(1), at('2024-01-20T01:00:00Z'))).products).toMatchObject([
      { quantity: '2', byMonth: { '2024-01': '2', '2024-02': '0' } },
    ])
    expect((await meter.preview(cycle(1), at('2024-01-20T00:00:00Z'))).products).toMatchObject([
      { quantity: '0', byMonth: { '2024-01': '0', '2024-02': '0' } },
    ])
    const sealed = await meter.seal(cycle(1))
    expect(sealed.products).toMatchObject([{ quantity: '2' }])
    await record(NOW, event('preview', 'c', '2024-01-20T00:00:00Z', '1'))
    expect(await meter.preview(cycle(1))).toEqual(sealed)
    // What is frozen stays as it is.
    expect(await meter.preview(cycle(1), at('2024-01-20T00:00:00Z'))).toEqual(sealed)
    const next = await meter.preview(cycle(2))
    expect(next.corrections).toMatchObject([{ cycleNo: 1, quantity: '3' }])
    expect(await meter.seal(cycle(2))).toEqual(next)
  })

  it('says nothing of a total that late events left as it was, nor of another contract', async () => {
    const meter = meterOf('even')
    await meter.seal(cycle(1))
    await meter.seal({ ...cycle(1), contractRef: 'c2' })
    await record(
      NOW,
      event('even', 'a', '2024-01-20T00:00:00Z', '3'),
      event('even', 'b', '2024-01-21T00:00:00Z', '-3'),
    )
    expect((await meter.seal(cycle(2))).corrections).toEqual([])
    await record(NOW, event('even', 'c', '2024-01-22T00:00:00Z', '1'))
    expect((await meter.seal({ ...cycle(2), contractRef: 'c2' })).corrections).toMatchObject([
      { quantity: '1' },
    ])
  })

  it('freezes a product that is asked for later then, and refuses another period', async () => {
    const meter = meterOf('joined')
    const first = await meter.seal(cycle(1))
    const seats = { usage_product_ref: 'seats' }
    await record(NOW, event('joined', 'a', '2024-01-20T00:00:00Z', '2', seats))
    const wider = { ...cycle(1), products: [...cycle(1).products] }
    wider.products.push({ productRef: 'seats', metric: { type: 'sum' } })
    expect((await meter.seal(wider)).products).toMatchObject([{ quantity: '0' }, { quantity: '2' }])
    expect(await meter.seal(cycle(1))).toEqual(first)
    const refusal = await runInDurableObject(meter, (instance) =>
      instance.seal({ ...cycle(1), end: cycle(1).end + 1 }).catch(String),
    )
    expect(refusal).toContain('was sealed over another period')
  })
})

describe('the alarm', () => {
  /** Work that the alarm has yet to do. */
  const LEFT = 'SELECT (SELECT count(*) FROM sightings WHERE told = 0) + (SELECT count(*) FROM log) AS left'

  /** Rings the alarm, or waits for the one that rings already. */
  async function settle(customerRef: string): Promise<void> {
    const meter = meterOf(customerRef)
    await runDurableObjectAlarm(meter)
    await vi.waitFor(() =>
      runInDurableObject(meter, (_, { storage }) =>
        expect(storage.sql.exec(LEFT).one()).toEqual({ left: 0 }),
      ),
    )
  }

  const named = (ref: string, product: string, name: string | null) => ({
    customer_name: name,
    usage_product_ref: `${ref}-${product}`,
    usage_product_name: name && `${name} ${product}`,
  })
  const row = (table: string, ref: string) =>
    env.DB.prepare(`SELECT * FROM ${table} WHERE ref = ?`).bind(ref).first()

  it('makes unknown customers and products known under the first name they had', async () => {
    await record(NOW, event('news', 'a', '2024-01-20T00:00:00Z', '1', named('news', 'x', 'News')))
    await settle('news')
    await record(
      NOW,
      event('news', 'b', '2024-01-20T00:00:00Z', '1', named('news', 'x', 'Renamed')),
      event('news', 'c', '2024-01-20T00:00:00Z', '1', named('news', 'y', null)),
      event('news', 'd', '2024-01-20T00:00:00Z', '1', named('news', 'z', 'A\n\u0000B')),
    )
    await settle('news')
    expect(await row('customers', 'news')).toMatchObject({ name: 'News', origin: 'usage', created_at: NOW })
    expect(await row('products', 'news-x')).toMatchObject({
      name: 'News x',
      kind: 'usage',
      metric: '{"type":"sum"}',
      origin: 'usage',
    })
    expect(await row('products', 'news-y')).toMatchObject({ name: 'news-y' })
    expect(await row('products', 'news-z')).toMatchObject({ name: 'A B z' })
  })

  it('archives each event once, as it was sent', async () => {
    const sent = [
      event('archive', 'a', '2024-01-20T00:00:00Z', '1'),
      event('archive', 'b', '2024-01-21T00:00:00Z', '2'),
    ]
    await record(NOW, ...sent)
    await settle('archive')
    await record(NOW, ...sent, event('archive', 'c', '2024-01-22T00:00:00Z', '3'))
    await settle('archive')
    const { objects } = await env.ARCHIVE.list({ prefix: 'usage/' })
    const own = []
    for (const { key } of objects) {
      const text = await decompressed((await env.ARCHIVE.get(key))!.body)
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      if (lines[0].event.customer_ref === 'archive') own.push({ key, lines })
    }
    expect(own.map(({ key }) => key)).toEqual([
      expect.stringMatching(/^usage\/[0-9a-f]{32}\/000000000001\.ndjson\.gz$/),
      expect.stringMatching(/^usage\/[0-9a-f]{32}\/000000000003\.ndjson\.gz$/),
    ])
    expect(own[0]!.lines).toEqual(
      sent.map(({ eventId, body }) => ({
        event_id: eventId,
        received_at: '2024-06-01T00:00:00.000Z',
        event: JSON.parse(body),
      })),
    )
    expect(own[1]!.lines.map((line) => line.event_id)).toEqual(['c'])
  })

  it('outlives a failure: it is set again, and the next attempt writes the same object', async () => {
    const meter = meterOf('failing')
    const puts: [string, ArrayBuffer][] = []
    const failing = {
      put: (name: string, lines: ArrayBuffer) => {
        puts.push([name, lines])
        throw new Error('the archive is away')
      },
    }
    const rearmed = await runInDurableObject(meter, async (instance, { storage }) => {
      Object.defineProperty(instance, 'env', { value: { ...env, ARCHIVE: failing }, configurable: true })
      await record(NOW, event('failing', 'a', '2024-01-20T00:00:00Z', '1'))
      await instance.alarm()
      return storage.getAlarm()
    })
    expect(rearmed).toBeGreaterThan(Date.now())
    expect(await row('customers', 'failing')).toMatchObject({ name: 'failing' })
    // What came in between belongs to a segment of its own.
    await record(NOW, event('failing', 'b', '2024-01-20T00:00:00Z', '1'))
    await evictDurableObject(meter)
    await settle('failing')
    const [name, lines] = puts[0]!
    const text = await decompressed((await env.ARCHIVE.get(name))!.body)
    expect(text).toBe(await decompressed(new Response(lines).body!))
    expect(text).toContain('"event_id":"a"')
    expect(await env.ARCHIVE.head(name.replace('01.ndjson', '02.ndjson'))).not.toBeNull()
  })
})

it('is woken for what came in after a commit that was undone', async () => {
  const meter = meterOf('undone')
  const alarm = await runInDurableObject(meter, async (instance, { storage }) => {
    const failing = new Proxy(storage, {
      get: (real, name) => {
        if (name === 'transactionSync')
          return (change: () => unknown) =>
            real.transactionSync(() => {
              change()
              throw new Error('the disk is away')
            })
        const member = Reflect.get(real, name)
        return typeof member === 'function' ? member.bind(real) : member
      },
    })
    Object.defineProperty(instance, 'storage', { value: failing, configurable: true })
    await expect(record(NOW, event('undone', 'a', '2024-01-20T00:00:00Z', '1'))).rejects.toThrow(
      'the disk is away',
    )
    Object.defineProperty(instance, 'storage', { value: storage, configurable: true })
    const [recorded] = await record(NOW, event('undone', 'a', '2024-01-20T00:00:00Z', '1'))
    expect(recorded).toEqual({ outcome: 'accepted', total: '1' })
    return storage.getAlarm()
  })
  expect(alarm).not.toBeNull()
})

it('learns what the contracts in the database bill', async () => {
  const db = openDb(env.DB)
  await commit(db, insertRows(db, contracts, [{ ...contract('taught-1'), customerRef: 'taught' }]))
  await teachMeter({ env, db, now: NOW }, { customerRef: 'taught' })
  const recorded = await recordEvent(env, event('taught', 'a', '2024-02-05T00:00:00Z', '1'), NOW)
  expect(recorded.shown).toEqual({ cycle: { start: cycle(1).start, end: cycle(1).end }, cycleTotal: '1' })
})
