import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { recordEvent, recordEvents } from '../../src/usage/ingest.job.ts'
import { archiveLog } from '../../src/usage/meter/archive.job.ts'
import { latestEvents } from '../../src/usage/meter/event-list.store.ts'
import { type ExportPart, exportPart } from '../../src/usage/meter/export.job.ts'
import type { MeterContext } from '../../src/usage/meter/meter-context.store.ts'
import { RawEvents } from '../../src/usage/meter/raw-events.store.ts'
import { meterCalendar } from '../../src/usage/meter-calendar.ts'
import { event, event as meterEvent, record } from '../support/meter.ts'
import { api, env } from '../support/worker.ts'
import { contract } from './contract.ts'

const CLOUD_EVENT = {
  specversion: '1.0',
  id: 'c-1',
  source: '/checkout',
  subject: 'cloud',
  type: 'api-calls',
  time: '2024-02-05T09:00:00Z',
  data: { quantity: '1.50', region: 'eu' },
}

const send = (path: string, type: string, body: unknown, headers: Record<string, string> = {}) =>
  api('POST', path, {
    key: 'sandbox_ingest_key',
    body: JSON.stringify(body),
    headers: { 'content-type': type, ...headers },
  })
const one = (body: unknown, path = '/api/usage/event') => send(path, 'application/cloudevents+json', body)
const batch = (body: unknown) => send('/api/usage/events', 'application/cloudevents-batch+json', body)
const cloud = (more: Record<string, unknown>) => ({ ...CLOUD_EVENT, ...more })

async function totalsOf(customerRef: string, from = '2024-02-01T00:00:00Z'): Promise<Record<string, string>> {
  const { json } = await api('GET', `/api/usage/summary?customer_ref=${customerRef}&from=${from}`)
  return Object.fromEntries(
    json.data.map((row: { product_ref: string; quantity: string }) => [row.product_ref, row.quantity]),
  )
}

describe('CloudEvents', () => {
  it('are taken one by one, and known again', async () => {
    const first = await one(CLOUD_EVENT)
    expect(first.status).toBe(200)
    expect(first.json).toEqual({
      event_id: '/checkout#c-1',
      timestamp: CLOUD_EVENT.time,
      customer_ref: 'cloud',
      usage_product_ref: 'api-calls',
      quantity: '1.50',
      additional_report_data: { region: 'eu' },
      mapped_from: {
        specversion: '1.0',
        id: 'c-1',
        source: '/checkout',
        subject: 'cloud',
        type: 'api-calls',
        time: CLOUD_EVENT.time,
      },
      event_ref: expect.stringMatching(/^evt_/),
      outcome: 'accepted',
      cycle: null,
      cycle_total: '1.5',
    })
    // Another trace of the same event is no other content.
    const again = await one(cloud({ traceparent: '00-1-1-00' }), '/api/usage/events')
    expect(again.json).toMatchObject({ accepted: 0, duplicates: 1, rejected: 0 })
    const other = await one(cloud({ data: { quantity: 2 } }))
    expect([other.status, other.json.code]).toEqual([409, 'event_conflict'])
    expect(await totalsOf('cloud')).toEqual({ 'api-calls': '1.5' })
  })

  it('are taken in batches; faults are told in their words', async () => {
    const own = (id: string, more: Record<string, unknown> = {}) => cloud({ id, subject: 'clouds', ...more })
    const answer = await batch([
      own('a'),
      own('b', { data: undefined }),
      own('c', { data: { quantity: 'NaN' } }),
      own('d', { time: '2999-01-01T00:00:00Z' }),
      own('e', { subject: undefined }),
      own('f', { specversion: '0.3' }),
      own('g', { data: undefined, data_base64: 'AA==' }),
      'nothing',
      own('a', { data: { quantity: 9 } }),
      own('a', { source: '/other' }),
    ])
    expect(answer.json).toMatchObject({ accepted: 3, duplicates: 0, rejected: 7 })
    type Result = { index: number; outcome: string; error?: { code: string; errors: { path: string }[] } }
    const faults = answer.json.results.map(({ index, outcome, error }: Result) => [
      index,
      outcome,
      error?.errors[0]?.path,
    ])
    expect(faults).toEqual([
      [0, 'accepted', undefined],
      [1, 'accepted', undefined],
      [2, 'rejected', 'data.quantity'],
      [3, 'rejected', 'time'],
      [4, 'rejected', 'subject'],
      [5, 'rejected', 'specversion'],
      [6, 'rejected', 'data_base64'],
      [7, 'rejected', ''],
      [8, 'conflict', 'id'],
      [9, 'accepted', undefined],
    ])
    // 1.5 + 1 (no quantity) + 1.5 (the same id of another source)
    expect(await totalsOf('clouds')).toEqual({ 'api-calls': '4' })
    const single = await one(own('h', { data: { quantity: [] } }))
    expect([single.status, single.json.errors[0].path]).toEqual([422, 'data.quantity'])
    const ahead = await one(own('i', { time: '2999-01-01T00:00:00Z' }))
    expect([ahead.json.code, ahead.json.errors[0].path]).toEqual(['timestamp_ahead', 'time'])
  })

  it('without a time are of when they came first, and counted once', async () => {
    const sent = cloud({ subject: 'timeless', time: undefined })
    const first = await one(sent)
    const second = await one(sent)
    expect([first.json.outcome, second.json.outcome]).toEqual(['accepted', 'duplicate'])
    expect(Math.abs(Date.parse(first.json.timestamp) - Date.now())).toBeLessThan(60_000)
    const moved = await api('POST', '/api/usage/event/update', {
      body: { event_ref: first.json.event_ref, timestamp: '2024-02-05T00:00:00Z' },
    })
    expect(moved.json.outcome).toBe('amended')
    expect(await totalsOf('timeless')).toEqual({ 'api-calls': '1.5' })
  })

  it('keep two events apart whose source and id make the same text', async () => {
    const answer = await batch([
      cloud({ subject: 'hash', source: 'a#b', id: 'c' }),
      cloud({ subject: 'hash', source: 'a', id: 'b#c' }),
      cloud({ subject: 'hash', source: 's'.repeat(300), id: 'c' }),
    ])
    expect(answer.json.accepted).toBe(3)
    const ids = answer.json.results.map((result: { event_id: string }) => result.event_id)
    expect(ids).toEqual(['a#b#c', expect.stringMatching(/^ce_/), expect.stringMatching(/^ce_/)])
  })

  it('in binary mode have their attributes in headers', async () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': 'b-1',
      'ce-source': '/checkout',
      'ce-subject': 'bin%C3%A4r',
      'ce-type': 'api-calls',
      'ce-time': CLOUD_EVENT.time,
    }
    const first = await send('/api/usage/event', 'application/json', { quantity: 3 }, headers)
    expect(first.json).toMatchObject({ customer_ref: 'binär', quantity: 3, outcome: 'accepted' })
    const structured = cloud({ id: 'b-1', subject: 'binär', data: { quantity: 3 } })
    expect((await one(structured)).json.outcome).toBe('duplicate')
    const broken = { ...headers, 'ce-subject': '%E4' }
    expect((await send('/api/usage/event', 'application/json', {}, broken)).json.code).toBe(
      'malformed_header',
    )
  })
})

const FORMAT = {
  format_name: 'proxy-log',
  fields: {
    timestamp: { path: 'ts', unit: 'epoch_seconds' },
    customer_ref: { path: 'tenant.id' },
    usage_product_ref: { path: 'sku', names: { 'sku-1': 'traffic' }, default: 'other' },
    quantity: { path: 'bytes', divide_by: '1073741824' },
    event_id: { path: 'request.0' },
    'additional_report_data.region': { path: 'dc', default: 'unknown' },
    'additional_report_data.unit': { value: 'GiB' },
  },
}
const LINE = { ts: 1707123747.279, tenant: { id: 'proxy' }, sku: 'sku-1', bytes: 536870913, request: ['r-1'] }

const keep = (format: unknown) => api('POST', '/api/usage/formats', { body: format })
const formatted = (event: unknown, path = '', more = {}) =>
  api('POST', `/api/usage/event/formatted${path}`, { body: { format_name: 'proxy-log', event, ...more } })

describe('formats', () => {
  it('are stored, replaced, listed and deleted', async () => {
    const format = { ...FORMAT, format_name: 'managed' }
    expect((await keep(format)).status).toBe(201)
    expect((await keep(format)).status).toBe(200)
    const fields = { ...FORMAT.fields, quantity: { value: 1 } }
    expect((await keep({ ...format, fields })).json.fields.quantity).toEqual({ value: 1 })
    expect((await api('GET', '/api/usage/formats/managed')).json.fields).toEqual(fields)
    const list = (await api('GET', '/api/usage/formats')).json.data
    expect(list.map((row: { format_name: string }) => row.format_name)).toContain('managed')
    expect((await api('DELETE', '/api/usage/formats/managed')).status).toBe(204)
    expect((await api('GET', '/api/usage/formats/managed')).json.code).toBe('format_not_found')
  })

  it.each([
    ['without a required field', { timestamp: undefined }],
    ['of a field that events do not have', { quantitty: { path: 'q' } }],
    ['with neither path nor value', { quantity: {} }],
    ['with both', { quantity: { path: 'q', value: 1 } }],
    ['that divides without end', { quantity: { path: 'q', divide_by: '3600' } }],
    ['that divides by nothing', { quantity: { path: 'q', divide_by: '0' } }],
    ['that does two things at once', { quantity: { path: 'q', multiply_by: '2', unit: 'epoch_seconds' } }],
  ])('%s are refused', async (_, fields) => {
    const answer = await keep({ ...FORMAT, fields: { ...FORMAT.fields, ...fields } })
    expect([answer.status, answer.json.code]).toEqual([422, 'invalid_request'])
  })

  it('make usage events of any form, exactly', async () => {
    await keep(FORMAT)
    // 536,870,913 / 2^30 = 0.5 + 2^-30
    const usage = {
      timestamp: '2024-02-05T09:02:27.279Z',
      customer_ref: 'proxy',
      usage_product_ref: 'traffic',
      quantity: '0.500000000931322574615478515625',
      event_id: 'r-1',
      additional_report_data: { region: 'unknown', unit: 'GiB' },
      mapped_from: { format_name: 'proxy-log', event: LINE },
    }
    const preview = await api('POST', '/api/usage/formats/proxy-log/preview', { body: { event: LINE } })
    expect(preview.json).toEqual({ event: usage })
    expect(await totalsOf('proxy')).toEqual({})
    expect((await formatted(LINE)).json).toMatchObject({ ...usage, outcome: 'accepted' })
    expect((await formatted({ ...LINE, attempt: 2 })).json.outcome).toBe('duplicate')
    expect(await totalsOf('proxy')).toEqual({ traffic: usage.quantity })
  })

  it('name every path that does not fit', async () => {
    await keep(FORMAT)
    const answer = await formatted({ ...LINE, bytes: 'many', ts: 'today' })
    expect([answer.status, answer.json.code]).toEqual([422, 'format_mismatch'])
    expect(answer.json.errors.map(({ path }: { path: string }) => path)).toEqual(['event.ts', 'event.bytes'])
    const missing = await formatted({ ...LINE, tenant: {} })
    expect([missing.status, missing.json.errors[0].path]).toEqual([422, 'customer_ref'])
    expect((await formatted(LINE, '', { format_name: 'no-such' })).json.code).toBe('format_not_found')
  })

  it('without an id know an event again by what came in', async () => {
    const { event_id: _, ...fields } = FORMAT.fields
    await keep({ format_name: 'proxy-log', fields })
    const line = { ...LINE, tenant: { id: 'nameless' } }
    expect((await formatted(line)).json.outcome).toBe('accepted')
    expect((await formatted(line)).json.outcome).toBe('duplicate')
    // The format has changed in between: the same line is still the same event.
    await keep({ format_name: 'proxy-log', fields: { ...fields, quantity: { value: 1 } } })
    expect((await formatted(line)).status).toBe(409)
  })

  it('correct events too', async () => {
    await keep(FORMAT)
    const line = { ...LINE, tenant: { id: 'mended' } }
    const { event_ref } = (await formatted(line)).json
    const answer = await formatted({ ...line, bytes: 1073741824, dc: 'eu' }, '/update', { event_ref })
    expect(answer.json).toMatchObject({
      outcome: 'amended',
      quantity: '1',
      event_id: 'r-1',
      additional_report_data: { region: 'eu' },
    })
    expect(await totalsOf('mended')).toEqual({ traffic: '1' })
    const other = await formatted({ ...line, request: ['r-2'] }, '/update', { event_ref })
    expect([other.status, other.json.code]).toEqual([422, 'identity_fixed'])
  })
})

describe('an export', () => {
  const path = '/api/usage/events?customer_ref=export'
  const get = (accept: string, query = '') => api('GET', `${path}${query}`, { headers: { accept } })
  const event = (event_id: string, timestamp: string, quantity: string, note?: unknown) => ({
    customer_ref: 'export',
    usage_product_ref: 'units',
    event_id,
    timestamp,
    quantity,
    ...(note !== undefined && { additional_report_data: { note, '=key': { deep: [1] } } }),
  })
  const idsIn = (ndjson: string) =>
    ndjson
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event_id)

  /** Archives what is in the log, whenever it would be due. */
  const archive = () =>
    runInDurableObject(env.USAGE_METER.getByName('export'), async (meter) => {
      while (!(await archiveLog(meter)));
    })

  it('tells an event once that is amended while it is read, and so does a list', async () => {
    const name = 'export-4'
    const sent = ['a', 'b'].map((id) => ({ ...event(id, '2024-02-05T09:00:00Z', '1'), customer_ref: name }))
    await api('POST', '/api/usage/events', { body: sent })
    const quantities = await runInDurableObject(env.USAGE_METER.getByName(name), async (meter) => {
      while (!(await archiveLog(meter)));
      let number = 0
      // Each time that the archive is read another event becomes twice as much.
      const get = async (key: string) => {
        const doubled = { ...sent[number++], quantity: '2' }
        await meter.revise({ number, basedOn: 0, event: doubled, now: Date.now() })
        return env.ARCHIVE.get(key)
      }
      const raw = new RawEvents(meter.sql, { get } as unknown as R2Bucket, name)
      const reading: MeterContext = Object.create(meter, { raw: { value: raw } })
      const listed = await latestEvents(raw, 0, { limit: 10 })
      const { events } = await exportPart(reading, { after: 0, start: 0, end: Number.MAX_SAFE_INTEGER })
      return [listed, events].map((all) => all.map((one) => one.event.quantity))
    })
    // First neither is changed yet, then the first is.
    expect(quantities).toEqual([
      ['1', '1'],
      ['2', '1'],
    ])
  })

  it('is read in parts that an answer can hold, however large the events are', async () => {
    const name = 'export-large'
    const large = (index: number) =>
      meterEvent(name, `e${index}`, '2024-02-05T09:00:00Z', '1', {
        additional_report_data: { note: 'x'.repeat(60_000) },
      })
    await record(Date.now(), ...Array.from({ length: 160 }, (_, index) => large(index)))
    const query = { start: 0, end: Number.MAX_SAFE_INTEGER }
    const meter = env.USAGE_METER.getByName(name)
    const first = (await meter.exportPart({ ...query, after: 0 })) as ExportPart
    // 140 lines of 60,000 characters are more than 8 MiB, and 160 of them 9.6 million.
    expect(first.events.length).toBeLessThan(160)
    const rest = (await meter.exportPart({ ...query, after: first.after! })) as ExportPart
    expect(rest.after).toBeNull()
    const ids = [...first.events, ...rest.events].map(({ eventId }) => eventId)
    // Too large for one parcel, they have come in several, in any order.
    expect(ids.sort()).toEqual(Array.from({ length: 160 }, (_, index) => `e${index}`).sort())
  })

  it('reads log and archive in the order in which events came, as they count by now', async () => {
    const record = async (...events: unknown[]): Promise<string[]> => {
      const { json } = await api('POST', '/api/usage/events', { body: events })
      return json.results.map((result: { event_ref: string }) => result.event_ref)
    }
    const [, voided, moved] = await record(
      event('a', '2024-02-05T09:00:00Z', '-1.50'),
      event('b', '2024-02-04T09:00:00Z', '2'),
      event('c', '2024-02-03T09:00:00Z', '3'),
    )
    await archive()
    await record(event('d', '2024-02-02T09:00:00Z', '4', '=HYPERLINK("http://x")'))
    await api('DELETE', `/api/usage/event/${voided}`)
    await api('POST', '/api/usage/event/update', {
      body: { event_ref: moved, timestamp: '2024-02-10T09:00:00Z' },
    })
    const all = await get('application/x-ndjson')
    expect(all.headers.get('content-type')).toBe('application/x-ndjson')
    expect(idsIn(all.text)).toEqual(['a', 'c', 'd'])
    expect(JSON.parse(all.text.split('\n')[1]!)).toMatchObject({ event_ref: moved, amended: true })
    const range = await get('application/x-ndjson', '&from=2024-02-09T00:00:00Z')
    expect(idsIn(range.text)).toEqual(['c'])
    expect((await get('application/x-ndjson', '&product_ref=none')).text).toBe('')

    const csv = await get('text/csv')
    const [header, a, c, d, end] = csv.text.split('\r\n')
    expect(header).toBe(
      'event_ref,event_id,received_at,timestamp,customer_ref,customer_name,usage_product_ref,usage_product_name,' +
        `quantity,amended,note,"'=key"`,
    )
    expect(a).toMatch(/,a,.*,2024-02-05T09:00:00Z,export,,units,,-1.5,false,,$/)
    expect(c).toMatch(/,c,.*,2024-02-10T09:00:00Z,export,,units,,3,true,,$/)
    expect(d).toMatch(/,d,.*,4,false,"'=HYPERLINK\(""http:\/\/x""\)","{""deep"":\[1\]}"$/)
    expect(end).toBe('')
  })

  it('goes on over as many parts and shards as there are', async () => {
    const many = Array.from({ length: 2_500 }, (_, place) => ({
      ...event(`m${place}`, '2024-02-05T09:00:00Z', '1'),
      customer_ref: 'export-2',
    }))
    await api('POST', '/api/usage/events', { body: many.slice(0, 1_500) })
    await env.USAGE_METER.getByName('export-2').spreadTo({ shards: 2 })
    await api('POST', '/api/usage/events', { body: many.slice(1_500) })
    const wide = '/api/usage/events?customer_ref=export-2'
    const ndjson = await api('GET', wide, { headers: { accept: 'application/x-ndjson' } })
    expect(new Set(idsIn(ndjson.text)).size).toBe(2_500)
    expect(ndjson.text.split('\n')).toHaveLength(2_501)
    const csv = await api('GET', wide, { headers: { accept: 'text/csv' } })
    expect(csv.text.split('\r\n')).toHaveLength(2_502)
  })

  it('answers what is wrong at once as a problem', async () => {
    expect((await get('text/csv', '&from=yesterday')).status).toBe(422)
    const keys = Object.fromEntries(Array.from({ length: 501 }, (_, key) => [`k${key}`, 1]))
    const wide = { ...event('w', '2024-02-05T09:00:00Z', '1'), customer_ref: 'export-3' }
    await api('POST', '/api/usage/events', { body: [{ ...wide, additional_report_data: keys }] })
    const headers = { accept: 'text/csv' }
    const answer = await api('GET', '/api/usage/events?customer_ref=export-3', { headers })
    expect([answer.status, answer.json.code]).toEqual([422, 'too_many_columns'])
  })
})

describe('the Idempotency-Key of a batch', () => {
  const event = (customer_ref: string, quantity: number, more: Record<string, unknown> = {}) => ({
    customer_ref,
    usage_product_ref: 'units',
    timestamp: '2024-02-05T09:00:00Z',
    quantity,
    ...more,
  })
  const post = (key: string, events: unknown[], query = '') =>
    send(`/api/usage/events${query}`, 'application/json', events, { 'idempotency-key': key })
  const tally = async (call: ReturnType<typeof post>) => {
    const { accepted, duplicates, rejected } = (await call).json
    return [accepted, duplicates, rejected]
  }

  it('names the events that have no id of their own, by their places', async () => {
    const events = [event('keyed', 1), event('keyed', 1), event('keyed', 1, { event_id: 'own' })]
    const first = await post('k', events)
    expect(first.json.results.map((result: { event_id: string }) => result.event_id)).toEqual([
      'k#0',
      'k#1',
      'own',
    ])
    expect(await tally(post('k', events))).toEqual([0, 3, 0])
    expect(await tally(post('k', [event('keyed', 2)]))).toEqual([0, 0, 1])
    expect(await totalsOf('keyed')).toEqual({ units: '3' })
    expect((await post('k'.repeat(241), events)).status).toBe(422)
  })

  it('is the one identity of all events where that is asked for', async () => {
    const query = '?identity=batch'
    const events = [
      event('whole', 1),
      event('whole', 1),
      event('whole-2', 5),
      event('whole', 1, { event_id: 'x' }),
    ]
    expect(await tally(post('b', events, query))).toEqual([4, 0, 0])
    expect(await tally(post('b', events, query))).toEqual([0, 4, 0])
    // Other events of one customer: all of that one are refused, and the other's are a repeat.
    const changed = [event('whole', 1), event('whole', 2), events[2], events[3]]
    const answer = await post('b', changed, query)
    expect(answer.json).toMatchObject({ accepted: 0, duplicates: 1, rejected: 3 })
    expect(answer.json.results[0]).toMatchObject({ outcome: 'conflict', error: { code: 'batch_conflict' } })
    // Ids of events are not looked at, and another key is another batch.
    expect(await tally(post('c', [events[3]], query))).toEqual([1, 0, 0])
    expect([await totalsOf('whole'), await totalsOf('whole-2')]).toEqual([{ units: '4' }, { units: '5' }])
    expect((await send(`/api/usage/events${query}`, 'application/json', events)).json.code).toBe(
      'idempotency_key_missing',
    )
  })

  it('holds over parts, over shards, and after the meter slept', async () => {
    const query = '?identity=batch'
    const note = 'x'.repeat(1_000)
    // 1,000 events of more than 1,000 characters are at least three parcels.
    const many = Array.from({ length: 1_000 }, () => event('parts', 1, { additional_report_data: { note } }))
    expect(await tally(post('p', many, query))).toEqual([1_000, 0, 0])
    await evictDurableObject(env.USAGE_METER.getByName('parts'))
    expect(await tally(post('p', many, query))).toEqual([0, 1_000, 0])
    await env.USAGE_METER.getByName('parts').spreadTo({ shards: 4 })
    expect(await tally(post('p', many, query))).toEqual([0, 1_000, 0])
    expect(await tally(post('q', many, query))).toEqual([1_000, 0, 0])
    expect(await tally(post('q', many, query))).toEqual([0, 1_000, 0])
    expect(await totalsOf('parts')).toEqual({ units: '2000' })
    const check = await api('POST', '/api/usage/meters/parts/verify')
    expect(check.json).toMatchObject({ ok: true, events: 2_000 })
  })

  it('refuses a whole of which any event breaks its contract', async () => {
    await env.USAGE_METER.getByName('broken').learn(meterCalendar([contract('c1')], new Map()))
    const events = [event('broken', 1), event('broken', 1, { validations: { currency: 'EUR' } })]
    const answer = await post('v', events, '?identity=batch')
    expect(answer.json).toMatchObject({ accepted: 0, rejected: 2 })
    expect(answer.json.results[0].error.code).toBe('currency_mismatch')
    expect(await totalsOf('broken')).toEqual({})
  })
})

it('refuses unknown customers and products where STRICT_REFS says so', async () => {
  const strict = { ...env, STRICT_REFS: 'true' }
  await api('POST', '/api/customers', { body: { customer_ref: 'strict', name: 'Strict' } })
  await api('POST', '/api/products', { body: { product_ref: 'strict-units', name: 'Units', kind: 'usage' } })
  const known = { usage_product_ref: 'strict-units' }
  const at = '2024-02-05T09:00:00Z'
  const recorded = await recordEvents(
    strict,
    [
      event('strict', 'a', at, '1', known),
      event('stranger', 'b', at, '1', known),
      event('strict', 'c', at, '1', { usage_product_ref: 'strange' }),
    ],
    Date.now(),
  )
  expect(recorded.map(({ verdict }) => ('code' in verdict ? verdict.code : verdict.outcome))).toEqual([
    'accepted',
    'unknown_customer',
    'unknown_product',
  ])
  const single = await recordEvent(strict, event('stranger', 'b', at, '1', known), Date.now())
  expect(single.verdict).toMatchObject({ code: 'unknown_customer', path: 'customer_ref' })
})
