import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ADMIN_KEY, bundleWorker, migrate, startBundle } from '../../bench/targets/worker.ts'

const DIRECTORY = resolve('.build/e2e/kill')
const [BUNDLE, STATE] = [`${DIRECTORY}/bundle`, `${DIRECTORY}/state`]
/** The second and the third one come while a meter is being spread. */
const KILLS = 3
const SENDERS = 8
const CUSTOMERS = ['kill-a', 'kill-b', 'kill-c']

type Sent = { id: string; customer: string; thousandths: bigint; body: Record<string, unknown> }

let running: Awaited<ReturnType<typeof startBundle>>
const sent: Sent[] = []
const acknowledged = new Set<Sent>()

beforeAll(async () => {
  await rm(DIRECTORY, { recursive: true, force: true })
  await bundleWorker('src/index.ts', BUNDLE)
  running = await startBundle(BUNDLE, STATE)
  await migrate(running.worker)
})

afterAll(() => running.worker.dispose())

const randomInt = (max: number): number => Math.floor(Math.random() * max)

function makeEvent(): Sent {
  const [id, customer] = [`e${sent.length}`, CUSTOMERS[randomInt(CUSTOMERS.length)]!]
  const thousandths = randomInt(1_000_000)
  const event: Sent = {
    id,
    customer,
    thousandths: BigInt(thousandths),
    body: {
      timestamp: new Date(Date.now() - randomInt(3_600_000)).toISOString(),
      customer_ref: customer,
      usage_product_ref: 'units',
      quantity: thousandths / 1_000,
      event_id: id,
    },
  }
  sent.push(event)
  return event
}

async function call(path: string, body?: unknown): Promise<Response> {
  return fetch(`http://127.0.0.1:${running.port}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

/** Sends events in one call, and takes each for acknowledged that the answer says is counted. */
async function send(events: readonly Sent[]): Promise<string[]> {
  const [first] = events
  const answer =
    events.length === 1
      ? await call('/api/usage/event', first!.body)
      : await call(
          '/api/usage/events',
          events.map(({ body }) => body),
        )
  const json = (await answer.json()) as { outcome: string; results?: { outcome: string }[] }
  if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(json)}`)
  const outcomes = (json.results ?? [json]).map(({ outcome }) => outcome)
  for (const [place, event] of events.entries())
    if (outcomes[place] === 'accepted' || outcomes[place] === 'duplicate') acknowledged.add(event)
  return outcomes
}

/** One producer, until the Worker is gone: batches and single events, fresh ones and some that were sent before. */
async function produce(): Promise<void> {
  for (;;) {
    const fresh = Array.from({ length: Math.random() < 0.4 ? 1 : randomInt(60) + 2 }, makeEvent)
    const again = fresh.length === 1 ? [] : Array.from({ length: 10 }, () => sent[randomInt(sent.length)]!)
    try {
      await send([...fresh, ...again])
    } catch {
      return
    }
  }
}

it('loses nothing and counts nothing twice when the process is killed under load, again and again', async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    const producers = Array.from({ length: SENDERS }, produce)
    await wait(100 + randomInt(500))
    // One of them becomes too much for one object, and then for two, while it is written to.
    if (kill > 0) void call(`/api/usage/meters/${CUSTOMERS[0]}`, { shards: 2 * kill }).catch(() => undefined)
    await wait(randomInt(200))
    for (const pid of running.pids) process.kill(pid, 'SIGKILL')
    await Promise.all(producers)
    await running.worker.dispose().catch(() => undefined)
    running = await startBundle(BUNDLE, STATE)
  }
  const known = [...acknowledged]
  expect(known.length).toBeGreaterThan(500)

  // What was acknowledged is there; of the rest some is, and some is not.
  for (let first = 0; first < known.length; first += 3_000) {
    const outcomes = await send(known.slice(first, first + 3_000))
    expect(outcomes.filter((outcome) => outcome !== 'duplicate')).toEqual([])
  }
  const unsure = sent.filter((event) => !acknowledged.has(event))
  expect(unsure.length).toBeGreaterThan(0)
  for (let first = 0; first < unsure.length; first += 3_000) await send(unsure.slice(first, first + 3_000))
  expect(acknowledged.size).toBe(sent.length)

  for (const customer of CUSTOMERS) {
    const own = sent.filter((event) => event.customer === customer)
    const total = own.reduce((sum, { thousandths }) => sum + thousandths, 0n)
    expect(await storedEvents(customer)).toEqual(own.map(({ id, body }) => `${id} ${body.quantity}`).sort())
    expect(await summaryOf(customer)).toEqual({ events: own.length, thousandths: total })
  }
})

const RANGE = () => `from=${new Date(Date.now() - 7_200_000).toISOString()}`

/** The raw events of a customer, page by page. */
async function storedEvents(customer: string): Promise<string[]> {
  const events: string[] = []
  for (let cursor = ''; ; ) {
    const page = await call(`/api/usage/events?customer_ref=${customer}&limit=200${cursor}`)
    const { data, next_cursor } = (await page.json()) as {
      data: { event_id: string; quantity: number }[]
      next_cursor: string | null
    }
    events.push(...data.map(({ event_id, quantity }) => `${event_id} ${quantity}`))
    if (next_cursor === null) return events.sort()
    cursor = `&cursor=${next_cursor}`
  }
}

async function summaryOf(customer: string): Promise<{ events: number; thousandths: bigint }> {
  const to = new Date(Date.now() + 3_600_000).toISOString()
  const answer = await call(`/api/usage/summary?customer_ref=${customer}&${RANGE()}&to=${to}`)
  const { data } = (await answer.json()) as { data: { events: number; quantity: string }[] }
  const [{ events, quantity } = { events: 0, quantity: '0' }] = data
  const [whole = '', fraction = ''] = quantity.split('.')
  return { events, thousandths: BigInt(whole + fraction.padEnd(3, '0')) }
}
