import { exports } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from '../support/any-text.ts'
import { api } from '../support/worker.ts'

const event = (customer_ref: string, event_id: string, more: Record<string, unknown> = {}) => ({
  timestamp: '2024-02-05T09:02:27.279Z',
  customer_ref,
  usage_product_ref: 'units',
  quantity: 1,
  event_id,
  ...more,
})

const send = (body: string, type: string, path = '/api/usage/events') =>
  api('POST', path, { key: 'sandbox_ingest_key', body, headers: { 'content-type': type } })
const array = (...items: unknown[]) => send(JSON.stringify(items), 'application/json')
const lines = (...texts: string[]) => send(texts.join('\n'), 'application/x-ndjson')

describe('a batch', () => {
  it('says of each item what became of it; bad ones do not refuse their neighbours', async () => {
    await array(event('mixed', 'known', { quantity: 5 }))
    const answer = await array(
      event('mixed', 'a'),
      event('mixed', 'b', { quantity: 'NaN' }),
      event('mixed-2', 'a'),
      event('mixed', 'known', { quantity: 5 }),
      event('mixed', 'known', { quantity: 6 }),
      event('mixed', 'a'),
      event('mixed', 'c', { timestamp: '2999-01-01T00:00:00Z' }),
      'no event',
      null,
      event('mixed', 'd'),
    )
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ accepted: 3, duplicates: 2, rejected: 5 })
    const outcomes = answer.json.results.map(
      (result: { index: number; outcome: string; event_id: string }) => [
        result.index,
        result.outcome,
        result.event_id,
      ],
    )
    expect(outcomes).toEqual([
      [0, 'accepted', 'a'],
      [1, 'rejected', 'b'],
      [2, 'accepted', 'a'],
      [3, 'duplicate', 'known'],
      [4, 'conflict', 'known'],
      [5, 'duplicate', 'a'],
      [6, 'rejected', 'c'],
      [7, 'rejected', null],
      [8, 'rejected', null],
      [9, 'accepted', 'd'],
    ])
    expect(answer.json.results[1].error).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'quantity' }],
    })
    expect(answer.json.results[4].error.code).toBe('event_conflict')
    expect(answer.json.results[6].error.code).toBe('timestamp_ahead')
    const summary = await api('GET', '/api/usage/summary?customer_ref=mixed&from=2024-02-01T00:00:00Z')
    expect(summary.json.data[0]).toMatchObject({ quantity: '7', events: 3 })
  })

  it('reads lines of JSON, each for itself', async () => {
    const good = JSON.stringify(event('lines', 'a'))
    const answer = await lines(good, '', `${good}\r`, '{"half":', JSON.stringify(event('lines', 'b')), '')
    expect(answer.json).toMatchObject({ accepted: 2, duplicates: 1, rejected: 1 })
    expect(answer.json.results[2]).toMatchObject({
      index: 2,
      outcome: 'rejected',
      error: { code: 'malformed_json' },
    })
  })

  it('takes 5,000 events for one meter or for many, and no more', async () => {
    const many = Array.from({ length: 5_000 }, (_, place) => event(`crowd-${place % 40}`, `e${place}`))
    expect((await array(...many)).json).toMatchObject({ accepted: 5_000, duplicates: 0, rejected: 0 })
    expect((await array(...many)).json).toMatchObject({ accepted: 0, duplicates: 5_000, rejected: 0 })
    const answer = await array(...many, event('crowd-0', 'one more'))
    expect([answer.status, answer.json.code]).toEqual([413, 'too_many_events'])
    expect((await array()).json).toEqual({ accepted: 0, duplicates: 0, rejected: 0, results: [] })
  })
})

describe('bodies that cannot be taken', () => {
  const path = '/api/usage/event'

  it.each([
    ['no JSON', 400, 'malformed_body', '{"a":', 'application/json'],
    ['nested without end', 400, 'malformed_body', '['.repeat(200_000), 'application/json'],
    ['another media type', 415, 'unsupported_media_type', 'a=1', 'application/x-www-form-urlencoded'],
    ['too many bytes', 413, 'body_too_large', `"${'x'.repeat(5 * 1024 * 1024)}"`, 'application/json'],
  ])('%s: %i %s', async (_, status, code, body, type) => {
    for (const target of [path, '/api/usage/events']) {
      const answer = await send(body, type, target)
      expect([answer.status, answer.json.code]).toEqual([status, code])
    }
  })

  it('no array where a batch is expected', async () => {
    const answer = await send('{}', 'application/json')
    expect([answer.status, answer.json.code]).toEqual([422, 'invalid_request'])
  })

  it('bytes that are not UTF-8', async () => {
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])
    const headers = { authorization: 'Bearer sandbox_ingest_key', 'content-type': 'application/json' }
    const { default: worker } = exports as unknown as { default: Fetcher }
    const response = await worker.fetch(`http://accrue.test${path}`, { method: 'POST', headers, body })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'malformed_body' })
  })

  const nasty = fc.oneof(
    fc.constantFrom<unknown>(
      'NaN',
      '1e308',
      1e308,
      -0,
      '-0',
      '',
      null,
      true,
      [],
      {},
      '\u0000',
      '\ud800',
      '١',
    ),
    fc.jsonValue(),
    anyText(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  )
  /** Mostly right, so that every field gets its turn to be the only one that is wrong. */
  const mostly = (right: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 9, arbitrary: right }, { weight: 1, arbitrary: nasty })
  const fuzzed = fc.record(
    {
      timestamp: mostly(fc.constant('2024-02-05T09:02:27Z')),
      customer_ref: mostly(fc.constant('fuzz')),
      customer_name: mostly(fc.constant('Fuzz')),
      usage_product_ref: mostly(fc.constant('units')),
      usage_product_name: mostly(fc.constant('Units')),
      quantity: mostly(fc.oneof(fc.integer(), fc.double(), fc.constant('0.1'))),
      additional_report_data: mostly(fc.object()),
      validations: mostly(fc.record({ currency: mostly(fc.constant('USD')), entity_ref: nasty })),
      event_id: mostly(fc.uuid()),
    },
    { requiredKeys: ['timestamp', 'customer_ref', 'usage_product_ref', 'quantity'] },
  )

  const codeOf = ({ status, json }: { status: number; json: { code?: string } }) =>
    status === 200 ? 'recorded' : `${status} ${json.code}`
  const itemCode = ({ outcome, error }: { outcome: string; error?: { code: string } }) => {
    if (outcome === 'duplicate') return 'recorded'
    // A line that is no JSON is the fault of its line; alone it is that of the body.
    const code = error?.code === 'malformed_json' ? '400 malformed_body' : `422 ${error?.code}`
    return outcome === 'conflict' ? `409 ${error?.code}` : code
  }

  it('whatever is sent, the fault is never ours, and a batch agrees with single events', async () => {
    const bodies = fc.sample(
      fc.oneof({ weight: 9, arbitrary: fuzzed }, { weight: 1, arbitrary: fc.jsonValue() }),
      { numRuns: 300, seed: 20240205 },
    )
    const singly: string[] = []
    for (const body of bodies) singly.push(codeOf(await send(JSON.stringify(body), 'application/json', path)))
    for (const code of singly) expect(code).toMatch(/^(recorded|4\d\d \w+)$/)
    const batch = await array(...bodies)
    expect(batch.status).toBe(200)
    expect(batch.json.results.map(itemCode)).toEqual(singly)
    // All that was good has been recorded one by one before.
    const { accepted, duplicates, rejected } = batch.json
    expect([accepted, duplicates + rejected]).toEqual([0, 300])
    expect(Math.min(duplicates, rejected)).toBeGreaterThan(30)
  })

  const good = (id: string, more: Record<string, unknown> = {}) => JSON.stringify(event('texts', id, more))
  const digits = (count: number) => '1234567890'.repeat(count / 10)

  it.each<[string, string, string]>([
    ['a byte order mark', `\ufeff${good('bom')}`, 'recorded'],
    ['white space around it', ` \t\r\n${good('space')}\r\n `, 'recorded'],
    ['nothing', '', '400 malformed_body'],
    ['white space alone', ' \r\n', '400 malformed_body'],
    ['half of it', good('half').slice(0, -9), '400 malformed_body'],
    ['one more brace', `${good('brace')}}`, '400 malformed_body'],
    ['NaN', good('nan').replace('"quantity":1', '"quantity":NaN'), '400 malformed_body'],
    ['NaN in text', good('nan', { quantity: 'NaN' }), '422 invalid_request'],
    [
      'a number that no float holds',
      good('inf').replace('"quantity":1', '"quantity":1e999'),
      '422 invalid_request',
    ],
    ['1e308', good('big', { quantity: 1e308 }), '422 invalid_request'],
    ['1e60 in text', good('bigger', { quantity: '1e60' }), '422 invalid_request'],
    ['an exponent without end', good('biggest', { quantity: '1e999999999' }), '422 invalid_request'],
    ['minus nothing', good('minus').replace('"quantity":1', '"quantity":-0'), 'recorded'],
    ['40 digits', good('40', { quantity: digits(40) }), '422 invalid_request'],
    ['40 digits, 30 of them places', good('40p', { quantity: `${digits(10)}.${digits(30)}` }), 'recorded'],
    ['a thousand digits', good('1000', { quantity: digits(1_000) }), '422 invalid_request'],
    ['keys that come twice', good('twice').replace('{', '{"quantity":"x","event_id":"once",'), 'recorded'],
    ['a prototype', good('proto').replace('{', '{"__proto__":{"quantity":7},"constructor":1,'), 'recorded'],
    [
      'data with a prototype',
      good('data', { additional_report_data: JSON.parse('{"__proto__":{"a":1}}') }),
      'recorded',
    ],
    ['a key of 60,000 characters', good('key', { ['k'.repeat(60_000)]: 1 }), 'recorded'],
    ['a key that is too long', good('key2', { ['k'.repeat(70_000)]: 1 }), '422 event_too_large'],
    [
      'lists in lists',
      good('lists', { list: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) }),
      '422 event_too_large',
    ],
    ['an event in a list', `[${good('listed')}]`, '422 invalid_request'],
    ['half a character', good('half \ud800'), '422 invalid_request'],
  ])('an event with %s', async (_, text, expected) => {
    expect(codeOf(await send(text, 'application/json', path))).toBe(expected)
    // As a line of its own it is judged in the same way; without a line there is nothing to judge.
    const { json } = await lines(text.trim(), '')
    expect(json.results.map(itemCode)).toEqual(text.trim() === '' ? [] : [expected])
  })

  it('text that is cut, spoilt or put together in any way', async () => {
    const spoil = fc.oneof(
      fc.nat(200).map((at) => (text: string) => text.slice(0, at)),
      fc.tuple(fc.nat(200), anyText({ maxLength: 3 })).map(
        ([at, more]) =>
          (text: string) =>
            text.slice(0, at) + more + text.slice(at),
      ),
      fc.nat(200).map((at) => (text: string) => text.slice(0, at) + text.slice(at + 1)),
      fc.constant((text: string) => text + text),
      fc.constant((text: string) => text.replaceAll(',', ',\r')),
      fc.constant((text: string) => text),
    )
    const texts = fc
      .sample(fc.tuple(fc.array(spoil, { minLength: 1, maxLength: 2 }), fc.uuid()), {
        numRuns: 150,
        seed: 20240206,
      })
      .map(([spoils, id]) => spoils.reduce((text, act) => act(text), good(id)))
      // What makes a line of its own, and text that can be sent at all.
      .filter(
        (text) =>
          text.isWellFormed() && text.trim() !== '' && !text.includes('\n') && !text.startsWith('\ufeff'),
      )
    const singly: string[] = []
    for (const text of texts) singly.push(codeOf(await send(text, 'application/json', path)))
    for (const code of singly) expect(code).toMatch(/^(recorded|4\d\d \w+)$/)
    expect(new Set(singly).size).toBeGreaterThan(2)
    const batch = await lines(...texts)
    expect(batch.json.results.map(itemCode)).toEqual(singly)
  })

  it('bytes that were changed on the way', async () => {
    const { default: worker } = exports as unknown as { default: Fetcher }
    const changes = fc.sample(fc.tuple(fc.nat(150), fc.integer({ min: 0, max: 255 })), {
      numRuns: 60,
      seed: 20240207,
    })
    for (const [index, [at, byte]] of changes.entries()) {
      const body = new TextEncoder().encode(`[${good(`bytes-${index}`)}]`)
      body[at % body.length] = byte
      for (const type of ['application/json', 'application/x-ndjson']) {
        const headers = { authorization: 'Bearer sandbox_ingest_key', 'content-type': type }
        const url = 'http://accrue.test/api/usage/events'
        const response = await worker.fetch(url, { method: 'POST', headers, body })
        const json = (await response.json()) as { code?: string; results?: unknown[] }
        const isClear = response.status === 200 ? json.results !== undefined : json.code !== undefined
        expect([isClear, response.status < 500]).toEqual([true, true])
      }
    }
  })
})
