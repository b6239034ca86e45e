import type { z } from '@hono/zod-openapi'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { UsageEvent, UsageResult } from '../../src/client/usage-client.ts'
import { identify } from '../../src/client/usage-event.ts'
import type { BatchResult, eventBody } from '../../src/usage/ingest.http.ts'

/** An object type without what it leaves open (`[key: string]: unknown`), at any depth that the wire has. */
type Named<T> = { [K in keyof T as string extends K ? never : K]: T[K] }

it('the types are those of the routes', () => {
  type Wire = z.input<typeof eventBody>
  expectTypeOf<UsageEvent>().toExtend<Wire>()
  expectTypeOf<Wire>().toExtend<UsageEvent>()
  expectTypeOf<keyof UsageEvent>().toEqualTypeOf<keyof Named<Wire>>()
  type Validations = keyof NonNullable<UsageEvent['validations']>
  expectTypeOf<Validations>().toEqualTypeOf<keyof Named<NonNullable<Wire['validations']>>>()
  expectTypeOf<BatchResult>().toExtend<UsageResult>()
  expectTypeOf<keyof UsageResult>().toEqualTypeOf<keyof BatchResult>()
})

describe('an event', () => {
  const event = { customer_ref: 'c', usage_product_ref: 'p', quantity: 1 }
  const sent = (more: object) => JSON.parse(identify({ ...event, ...more }, () => 'made').json)

  it('keeps its own id and time, and is given them where it has none', () => {
    const own = { event_id: 'e1', timestamp: '2024-02-05T09:02:27.279Z' }
    expect(sent(own)).toEqual({ ...event, ...own })
    const before = Date.now()
    const given = sent({ event_id: null })
    expect(given.event_id).toBe('made')
    expect(Date.parse(given.timestamp)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(given.timestamp)).toBeLessThanOrEqual(Date.now())
    expect(sent({ timestamp: new Date(0) }).timestamp).toBe('1970-01-01T00:00:00.000Z')
  })

  it.each([
    [12.5, 12.5],
    ['0.100000000000000000001', '0.100000000000000000001'],
    [12345678901234567890n, '12345678901234567890'],
  ])('quantity %s goes out as %s', (quantity, onWire) => {
    expect(sent({ quantity }).quantity).toBe(onWire)
  })

  it.each([
    ['a quantity that is no number', { quantity: Number.NaN }],
    ['a quantity without end', { quantity: Number.POSITIVE_INFINITY }],
    ['a date that is none', { timestamp: new Date(Number.NaN) }],
    ['data that JSON cannot hold', { additional_report_data: { seats: 1n } }],
  ])('%s is refused at once', (_, more) => {
    expect(() => sent(more)).toThrow(expect.objectContaining({ code: 'invalid_event' }))
  })
})
