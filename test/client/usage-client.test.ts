import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { retryAfterMs } from '../../src/client/transport.ts'
import {
  createUsageClient,
  type UsageClientOptions,
  type UsageEvent,
  type UsageProblem,
  type UsageResult,
  type UsageRetry,
} from '../../src/client/usage-client.ts'
import { type Fault, type Faults, usageServer } from './usage-server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** A server that fails as told, a client of it with short waits, and all that the client says. */
async function stage({ faults, ...options }: Partial<UsageClientOptions> & { faults?: Faults } = {}) {
  const server = await usageServer(faults)
  const accepted: UsageResult[] = []
  const rejected: { ids: string[]; problem: UsageProblem }[] = []
  const retries: UsageRetry[] = []
  const client = createUsageClient({
    url: `${server.url}/`,
    apiKey: 'key',
    batchDelayMs: 5,
    backoffMs: 4,
    backoffMaxMs: 20,
    onAccepted: (results) => accepted.push(...results),
    onRejected: (events, problem) => rejected.push({ ids: events.map(({ event_id }) => event_id!), problem }),
    onRetry: (retry) => retries.push(retry),
    ...options,
  })
  ends.push(() => client.close({ timeoutMs: 0 }), server.close)
  return { server, client, accepted, rejected, retries }
}

const event = (event_id?: string, more: object = {}) => ({
  ...(event_id && { event_id }),
  customer_ref: 'c',
  usage_product_ref: 'units',
  quantity: '1',
  ...more,
})
const late = (ms: number): Fault => ({ until: () => sleep(ms) })
const names = (count: number, first = 1) => Array.from({ length: count }, (_, i) => `e${first + i}`)

/** The first requests fail in this way, one after the other. */
const first =
  (...faults: Fault[]): Faults =>
  (place) =>
    faults[place]

describe('batches', () => {
  it('go when they are full', async () => {
    const { server, client } = await stage({ batchEvents: 3, batchDelayMs: 60_000, requestsInFlight: 1 })
    for (const name of names(7)) client.track(event(name))
    await vi.waitFor(() => expect(server.requests).toHaveLength(2), { interval: 2 })
    expect(server.requests.map(({ ids }) => ids)).toEqual([names(3), names(3, 4)])
    expect(server.requests[0]!.key).toBe('Bearer key')
  })

  it('go when their first event is old enough', async () => {
    const { server, client } = await stage({ batchDelayMs: 40 })
    const began = performance.now()
    for (const name of names(2)) client.track(event(name))
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), { interval: 2 })
    expect(server.requests[0]!.ids).toEqual(names(2))
    expect(server.requests[0]!.at - began).toBeGreaterThanOrEqual(39)
  })

  it('hold so many bytes of UTF-8; an event that is larger goes alone', async () => {
    // Each small event is 4 + 161 bytes at least; é counts two.
    const { server, client } = await stage({ batchBytes: 500 })
    client.track(event('small-1'))
    client.track(event('small-2'))
    client.track(event('large', { customer_name: 'é'.repeat(300) }))
    client.track(event('small-3'))
    await client.flush()
    expect(server.requests.map(({ ids }) => ids)).toEqual([['small-1', 'small-2'], ['large'], ['small-3']])
  })

  it('are under way in bounded number', async () => {
    const { server, client } = await stage({
      batchEvents: 1,
      requestsInFlight: 3,
      faults: () => late(5),
    })
    for (const name of names(20)) client.track(event(name))
    await client.flush()
    expect(server.state.mostUnderWay).toBe(3)
    expect(server.counted.size).toBe(20)
  })

  it('gather while the server is slow, instead of coming one by one afterwards', async () => {
    const slow = Promise.withResolvers<void>()
    const { server, client } = await stage({
      requestsInFlight: 1,
      batchDelayMs: 1,
      faults: first({ until: () => slow.promise }),
    })
    client.track(event('e1'))
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), { interval: 2 })
    for (const name of names(9, 2)) {
      client.track(event(name))
      await sleep(2)
    }
    slow.resolve()
    await client.flush()
    expect(server.requests.map(({ ids }) => ids)).toEqual([['e1'], names(9, 2)])
  })
})

describe('a batch that fails', () => {
  it.each<[string, Fault, string]>([
    ['the connection breaks before it is counted', { cut: 'before' }, 'accepted'],
    ['the connection breaks after it was counted', { cut: 'after' }, 'duplicate'],
    ['the answer is cut short', { cut: 'within' }, 'duplicate'],
    ['no answer comes in time', late(250), 'duplicate'],
    ['408', { status: 408 }, 'accepted'],
    ['429', { status: 429, headers: { 'retry-after': '0' } }, 'accepted'],
    ['500', { status: 500 }, 'accepted'],
    ['503', { status: 503 }, 'accepted'],
    ['a 200 that is no receipt', { status: 200, body: { welcome: 'to the hotel' } }, 'accepted'],
    ['a receipt for another batch', { status: 200, body: { results: [] } }, 'accepted'],
    ['a receipt that says nothing', { status: 200, body: { results: [null, {}, 1] } }, 'accepted'],
  ])('%s: is sent again as it was', async (_, fault, outcome) => {
    const { server, client, accepted, rejected, retries } = await stage({
      requestTimeoutMs: 'until' in fault ? 150 : 30_000,
      faults: first(fault, fault),
    })
    const ids = [client.track(event()), client.track(event()), client.track(event())]
    await client.flush()
    expect(server.requests.map((request) => request.ids)).toEqual([ids, ids, ids])
    expect([...server.counted.keys()]).toEqual(ids)
    expect(accepted.map((result) => [result.event_id, result.outcome])).toEqual(
      ids.map((id) => [id, outcome]),
    )
    expect(retries.map(({ attempt, events }) => [attempt, events])).toEqual([
      [1, 3],
      [2, 3],
    ])
    expect([rejected, client.pending]).toEqual([[], { events: 0, bytes: 0 }])
  })

  it('waits as long as the server asks for', async () => {
    const { server, client, retries } = await stage({
      faults: first({ status: 503, headers: { 'retry-after': '1' } }),
    })
    client.track(event())
    await client.flush()
    expect(server.requests[1]!.at - server.requests[0]!.at).toBeGreaterThanOrEqual(999)
    // One second, and the jitter of the first attempt: less than 4 ms.
    expect(retries[0]!.delayMs).toBeGreaterThanOrEqual(1_000)
    expect(retries[0]!.delayMs).toBeLessThan(1_004)
  })

  it('waits at random within a bound that doubles up to its limit', async () => {
    const { client, retries } = await stage({ faults: (place) => (place < 9 ? { status: 500 } : undefined) })
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5)
    client.track(event())
    await client.flush()
    random.mockRestore()
    // Half of 4, 8, 16, and then of the limit, 20.
    expect(retries.map(({ delayMs }) => delayMs)).toEqual([2, 4, 8, 10, 10, 10, 10, 10, 10])
  })

  it('is given up and reported when its time is over', async () => {
    const { client, rejected, server } = await stage({ retryForMs: 200, faults: () => ({ status: 502 }) })
    client.track(event('e1'))
    await client.flush()
    expect(rejected).toEqual([
      { ids: ['e1'], problem: { code: 'retries_exhausted', detail: expect.stringContaining('http_502') } },
    ])
    expect(server.requests.length).toBeGreaterThan(1)
  })

  it.each([
    [null, 0],
    ['', 0],
    ['soon', 0],
    ['-5', 0],
    ['2', 2_000],
    // 09:00:03 is three seconds after 09:00:00.
    ['Sun, 22 Nov 2026 09:00:03 GMT', 3_000],
    ['Sun, 22 Nov 2026 08:59:00 GMT', 0],
    // No more than an hour.
    ['99999999999', 3_600_000],
  ])('Retry-After %s is %i ms', (header, ms) => {
    expect(retryAfterMs(header, Date.UTC(2026, 10, 22, 9))).toBe(ms)
  })
})

describe('nothing is lost or doubled', () => {
  it.each([1, 2, 3])('whatever the network does (seed %i)', async (seed) => {
    const random = randomOf(seed)
    const kinds: Fault[] = [
      { cut: 'before' },
      { cut: 'after' },
      { cut: 'within' },
      { status: 503, headers: { 'retry-after': '0' } },
      { status: 429 },
      { status: 500 },
      late(3),
    ]
    const faults: Faults = (_, events) => {
      if (events.length > 60) return { status: 413 }
      return random() < 0.5 ? kinds[Math.floor(random() * kinds.length)] : undefined
    }
    const { server, client, accepted, rejected } = await stage({
      faults,
      batchEvents: 100,
      bufferEvents: 300,
    })
    const ids: string[] = []
    for (let i = 0; i < 2_000; i++) {
      await client.ready()
      ids.push(client.track(event()))
      expect(client.pending.events).toBeLessThanOrEqual(300)
    }
    await client.flush()
    expect([...server.counted.keys()].sort()).toEqual([...ids].sort())
    expect(accepted.map(({ event_id }) => event_id).sort()).toEqual([...ids].sort())
    expect(accepted.some(({ outcome }) => outcome === 'duplicate')).toBe(true)
    expect([rejected, client.pending]).toEqual([[], { events: 0, bytes: 0 }])
  })
})

describe('413', () => {
  it('halves the batch, keeps the order, and later batches are smaller', async () => {
    const { server, client, rejected } = await stage({
      batchEvents: 8,
      requestsInFlight: 1,
      faults: (_, events) => (events.length > 3 ? { status: 413 } : undefined),
    })
    for (const name of names(16, 10)) client.track(event(name))
    await client.flush()
    // Eight are too many, so are four; two are not. After the second 413 no batch has more bytes than two of these.
    expect(server.requests.map(({ ids }) => ids.length)).toEqual([8, 4, 2, 2, 4, 2, 2, 2, 2, 2, 2])
    expect([...server.counted.keys()]).toEqual(names(16, 10))
    expect(rejected).toEqual([])
  })

  it('of a single event refuses that event alone', async () => {
    const tooLarge = (_: number, events: UsageEvent[]): Fault | undefined =>
      events.some(({ event_id }) => event_id === 'large')
        ? {
            status: 413,
            body: { code: 'body_too_large', detail: 'The body is larger than this call takes.' },
          }
        : undefined
    const { server, client, rejected } = await stage({ faults: tooLarge })
    for (const name of ['e1', 'large', 'e2']) client.track(event(name))
    await client.flush()
    expect([...server.counted.keys()]).toEqual(['e1', 'e2'])
    expect(rejected).toEqual([
      {
        ids: ['large'],
        problem: { status: 413, code: 'body_too_large', detail: 'The body is larger than this call takes.' },
      },
    ])
  })
})

describe('a refusal', () => {
  it.each([400, 401, 403, 404, 415, 422])(
    '%i of the batch is reported and not tried again',
    async (status) => {
      const problem = { code: 'why', detail: 'Because.', errors: [{ path: 'a', message: 'b' }] }
      const { server, client, rejected } = await stage({ faults: first({ status, body: problem }) })
      client.track(event('e1'))
      client.track(event('e2'))
      await client.flush()
      expect(rejected).toEqual([{ ids: ['e1', 'e2'], problem: { status, ...problem } }])
      client.track(event('e3'))
      await client.flush()
      expect(server.requests.map(({ ids }) => ids)).toEqual([['e1', 'e2'], ['e3']])
    },
  )

  it('of one event leaves its neighbours alone', async () => {
    const { client, accepted, rejected } = await stage()
    client.track(event('e1', { timestamp: '2024-02-05T00:00:00Z' }))
    await client.flush()
    client.track(event('e1', { timestamp: '2024-02-05T00:00:00Z', quantity: '2' }))
    client.track(event('e2', { quantity: 'rejected' }))
    client.track(event('e3'))
    await client.flush()
    expect(accepted.map(({ event_id }) => event_id)).toEqual(['e1', 'e3'])
    expect(rejected.map(({ ids, problem }) => [ids, problem.code])).toEqual([
      [['e1'], 'event_conflict'],
      [['e2'], 'invalid_request'],
    ])
  })

  it('reaches the host whole, with what it needs to send the event again', async () => {
    const events: UsageEvent[] = []
    const { client } = await stage({
      faults: first({ status: 403 }),
      onRejected: (refused) => events.push(...refused),
    })
    const data = { customer_ref: 'c', usage_product_ref: 'units', additional_report_data: { note: 'x' } }
    const event_id = client.track({ ...data, quantity: 3n, timestamp: new Date(0) })
    await client.flush()
    expect(events).toEqual([{ ...data, event_id, quantity: '3', timestamp: '1970-01-01T00:00:00.000Z' }])
  })

  it('is reported before flush resolves; a host that fails at it does not hold up the others', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    let reports = 0
    const { server, client } = await stage({
      onRejected: async () => {
        await sleep(10)
        reports++
        throw new Error('the disk is full')
      },
    })
    for (const name of ['e1', 'e2']) client.track(event(name, { quantity: 'rejected' }))
    client.track(event('e3'))
    await client.flush()
    expect([reports, log.mock.calls.length, server.counted.size]).toEqual([2, 2, 1])
    log.mockRestore()
  })
})

describe('the buffer', () => {
  const away: Faults = () => ({ status: 503 })
  const full = expect.objectContaining({ code: 'buffer_full' })

  it('refuses what is too many, and has room again when events are acknowledged', async () => {
    const { server, client } = await stage({ bufferEvents: 3, faults: away })
    for (const name of names(3)) client.track(event(name))
    expect(() => client.track(event('e4'))).toThrow(full)
    let isReady = false
    const ready = client.ready().then(() => {
      isReady = true
    })
    await sleep(20)
    expect([isReady, client.pending.events]).toEqual([false, 3])
    server.state.faults = () => undefined
    await ready
    client.track(event('e4'))
    await client.flush()
    expect([...server.counted.keys()].sort()).toEqual(names(4))
  })

  it('refuses what is too many bytes', async () => {
    const { client } = await stage({ bufferBytes: 300, faults: away })
    client.track(event('e1', { customer_name: 'é'.repeat(100) }))
    expect(client.pending.bytes).toBeGreaterThanOrEqual(300)
    expect(() => client.track(event('e2'))).toThrow(full)
  })

  it('serves those who wait in turn, and never two for one place', async () => {
    const { server, client } = await stage({ bufferEvents: 2, requestsInFlight: 1 })
    const wait = async (name: string) => {
      await client.ready()
      client.track(event(name))
    }
    await Promise.all(names(50).map(wait))
    await client.flush()
    expect([...server.counted.keys()]).toEqual(names(50))
  })

  it('keeps an event as it was when it was tracked', async () => {
    const { server, client } = await stage()
    const mine = { ...event('e1'), additional_report_data: { note: 'then' } }
    client.track(mine)
    mine.additional_report_data.note = 'later'
    await client.flush()
    expect(server.counted.get('e1')!.additional_report_data).toEqual({ note: 'then' })
  })
})

describe('flush', () => {
  it('sends at once, and waits for what was tracked before it and for nothing else', async () => {
    const { server, client } = await stage({
      batchDelayMs: 60_000,
      batchEvents: 2,
      faults: (_, events) =>
        events.some(({ event_id }) => event_id === 'late') ? { status: 503 } : undefined,
    })
    client.track(event('e1'))
    const flushed = client.flush()
    client.track(event('late'))
    await flushed
    expect([...server.counted.keys()]).toEqual(['e1'])
    expect(client.pending.events).toBe(1)
  })

  it('waits for older batches that are still being sent again', async () => {
    const { server, client } = await stage({ batchEvents: 1, faults: first(late(40)) })
    for (const name of names(3)) client.track(event(name))
    await client.flush()
    expect(server.counted.size).toBe(3)
  })

  it('resolves at once when nothing waits', async () => {
    const { client, server } = await stage()
    await client.flush()
    expect(server.requests).toEqual([])
  })
})

describe('close', () => {
  it('sends what is there, and refuses what comes afterwards', async () => {
    const { server, client } = await stage({ batchDelayMs: 60_000 })
    client.track(event('e1'))
    const closed = client.close()
    expect(() => client.track(event('e2'))).toThrow(expect.objectContaining({ code: 'client_closed' }))
    expect(await closed).toEqual({ unsent: [] })
    expect([...server.counted.keys()]).toEqual(['e1'])
    expect(await client.close()).toEqual({ unsent: [] })
  })

  it('gives back what was not acknowledged in time, oldest first; another process sends it again', async () => {
    const options = { batchEvents: 2, requestsInFlight: 2, requestTimeoutMs: 60_000 }
    // The first batch is counted and its answer never seen; the second fails; the third is never sent.
    const faults: Faults = (_, events) => {
      if (events[0]!.event_id === 'e1') return { cut: 'after' }
      return events[0]!.event_id === 'e3' ? late(60) : undefined
    }
    const { server, client } = await stage({ ...options, faults })
    for (const name of names(5)) client.track(event(name))
    const flushed = client.flush()
    const { unsent } = await client.close({ timeoutMs: 30 })
    await flushed
    expect(unsent.map(({ event_id }) => event_id)).toEqual(names(5))

    server.state.faults = () => undefined
    const later = createUsageClient({
      url: server.url,
      apiKey: 'key',
      onRejected: () => expect.unreachable(),
    })
    for (const event of unsent) later.track(event)
    expect(await later.close()).toEqual({ unsent: [] })
    expect([...server.counted.keys()].sort()).toEqual(names(5))
  })

  it('lets those go who wait for room', async () => {
    const { client } = await stage({ bufferEvents: 1, faults: () => ({ status: 503 }) })
    client.track(event())
    const ready = client.ready()
    expect((await client.close({ timeoutMs: 10 })).unsent).toHaveLength(1)
    await ready
    await client.ready()
    await client.flush()
  })
})

it.each([
  ['no key', { url: 'http://localhost', apiKey: '' }],
  ['a key that no header can hold', { url: 'http://localhost', apiKey: 'one\ntwo' }],
  ['no address', { url: 'localhost', apiKey: 'key' }],
])('%s: refuses to start', (_, options) => {
  expect(() => createUsageClient({ ...options, onRejected: () => {} })).toThrow(TypeError)
})

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
