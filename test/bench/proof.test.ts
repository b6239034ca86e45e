import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCalls, type Totals, totalKey } from '../../bench/events.ts'
import { prove } from '../../bench/proof.ts'
import type { Target } from '../../bench/targets/target.ts'

const round = { customers: ['a', 'b'], batch: 50, events: 500, resent: 0.1, connections: 1 }

describe('the calls of a round', () => {
  const totals: Totals = {}
  const calls = buildCalls(round, totals)
  const sent = calls.flatMap(({ body }) => JSON.parse(body.toString()) as { event_id: string }[])

  it('hold as many different events as the round asks for, and as many again as it repeats', () => {
    expect(new Set(sent.map((event) => event.event_id)).size).toBe(500)
    // 50 in the first call, which has nothing to repeat; then 45 and 5 repeated: 50 + 10 × 45 = 500, with 50 repeats.
    expect(calls.length).toBe(11)
    expect(sent.length).toBe(550)
  })

  it('are added up without the repeats', () => {
    expect(Object.values(totals).reduce((sum, { events }) => sum + events, 0)).toBe(500)
  })
})

describe('the count at the end of a load', () => {
  const acknowledged: Totals = { [totalKey('a', 'api-calls')]: { events: 2, thousandths: 1_500 } }
  let stored = { product_ref: 'api-calls', events: 2, quantity: '1.5' }
  const server = createServer((_, response) => response.end(JSON.stringify({ data: [stored] })))
  beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)))
  afterAll(() => void server.close())

  const proof = () => {
    const { port } = server.address() as AddressInfo
    const target: Target = {
      name: 'accrue',
      port,
      key: '',
      adminKey: '',
      pids: [],
      stores: true,
      close: async () => undefined,
    }
    return prove(target, ['a'], acknowledged)
  }

  it('finds no difference where all is there', async () => {
    expect((await proof()).differences).toEqual([])
  })

  it.each([
    { ...stored, events: 3 },
    { ...stored, events: 1 },
    { ...stored, quantity: '1.501' },
    { ...stored, quantity: '1.5001' },
    { ...stored, product_ref: 'other' },
  ])('finds $events events of $quantity $product_ref to differ', async (wrong) => {
    stored = wrong
    expect((await proof()).differences).not.toEqual([])
  })
})
