import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../src/kernel/problem.ts'
import {
  CLOCK_SKEW_MS,
  countedContent,
  EVENT_CHARS_MAX,
  type EventBody,
  usageEvent,
} from '../../src/usage/usage-event.ts'

const NOW = Date.UTC(2024, 1, 6)

const SENT: EventBody = {
  timestamp: '2024-02-05T09:02:27.279Z',
  customer_ref: 'acme',
  customer_name: 'ACME',
  usage_product_ref: 'units',
  quantity: '10',
  additional_report_data: { note: 'a', size: 2 },
  validations: { currency: 'USD' },
}

const read = (change: Record<string, unknown> = {}, key?: string) => {
  const raw = { ...SENT, ...change }
  return usageEvent(raw as EventBody, raw, NOW, key)
}

const codeOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
  return 'none'
}

describe('the identity of an event', () => {
  it('is event_id before Idempotency-Key before the content', () => {
    expect(read({ event_id: 'e1' }, 'k1').eventId).toBe('e1')
    expect(read({}, 'k1').eventId).toBe('k1')
    expect(read().eventId).toMatch(/^uev_[0-9a-f]{32}$/)
  })

  it.each<[string, Record<string, unknown>]>([
    ['the quantity as text', { quantity: '10.0' }],
    ['another spelling of the same instant', { timestamp: '2024-02-05T10:02:27.27900+01:00' }],
    ['another name', { customer_name: 'Acme Inc', usage_product_name: 'Pieces' }],
    ['no validations', { validations: undefined }],
    ['keys in another order', { additional_report_data: { size: 2, note: 'a' } }],
  ])('does not change with %s', (_, change) => {
    expect(read(change).eventId).toBe(read().eventId)
    expect(countedContent({ ...SENT, ...change, event_id: 'e1' })).toBe(countedContent(SENT))
  })

  it.each<[string, Record<string, unknown>]>([
    ['the quantity', { quantity: '10.000000000000000000000000000001' }],
    ['the instant, be it by a microsecond', { timestamp: '2024-02-05T09:02:27.279001Z' }],
    ['the customer', { customer_ref: 'acme2' }],
    ['the product', { usage_product_ref: 'units2' }],
    ['the report data', { additional_report_data: { note: 'b', size: 2 } }],
    ['a field that we do not know', { request: '7' }],
  ])('changes with %s', (_, change) => expect(read(change).eventId).not.toBe(read().eventId))

  it('is the same however often and in whatever order of keys an event is sent', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 }), (data) => {
        const turned = Object.fromEntries(
          Object.entries({ ...SENT, additional_report_data: data }).toReversed(),
        )
        expect(read(turned).eventId).toBe(read({ additional_report_data: data }).eventId)
      }),
    ))

  it('keeps the event as it was sent', () =>
    expect(JSON.parse(read({ quantity: '10.0' }).body)).toEqual({ ...SENT, quantity: '10.0' }))
})

describe('the bounds of an event', () => {
  const at = (instant: number) => ({ timestamp: new Date(instant).toISOString() })
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) })

  it.each<[string, string, Record<string, unknown>]>([
    ['exactly 5 minutes ahead', 'none', at(NOW + CLOCK_SKEW_MS)],
    ['a millisecond more', 'timestamp_ahead', at(NOW + CLOCK_SKEW_MS + 1)],
    ['years ago', 'none', at(0)],
    ['before 1970', 'timestamp_too_old', at(-1)],
    ['nested 16 deep', 'none', { additional_report_data: nested(15) }],
    ['nested deeper', 'event_too_large', { additional_report_data: nested(16) }],
    ['nested without end', 'event_too_large', { additional_report_data: nested(5_000) }],
    ['too long', 'event_too_large', { additional_report_data: { note: 'x'.repeat(EVENT_CHARS_MAX) } }],
  ])('%s: %s', (_, code, change) => expect(codeOf(() => read(change))).toBe(code))
})
