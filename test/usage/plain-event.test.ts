import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventBody } from '../../src/usage/ingest.http.ts'
import { readPlainEvent } from '../../src/usage/plain-event.ts'
import { CLOCK_SKEW_MS, type UsageEvent, usageEvent } from '../../src/usage/usage-event.ts'
import { anyText } from '../support/any-text.ts'

const NOW = Date.UTC(2026, 1, 6)

const PLAIN = {
  timestamp: '2026-02-05T09:02:27.279Z',
  customer_ref: 'acme',
  usage_product_ref: 'units',
  quantity: 10,
  event_id: 'e1',
}

/** The careful way; undefined where it refuses. */
function readBySchema(raw: unknown): UsageEvent | undefined {
  const sent = eventBody.safeParse(raw)
  if (!sent.success) return undefined
  try {
    return usageEvent(sent.data, raw as Record<string, unknown>, NOW)
  } catch {
    return undefined
  }
}

/** As it comes over the wire: `__proto__` is a key like any other there. */
const sent = (text: string): unknown => JSON.parse(text)

describe('a plain event', () => {
  it.each<[string, Record<string, unknown>]>([
    ['nothing more', {}],
    ['names', { customer_name: 'ACME', usage_product_name: 'Units' }],
    ['names that are null', { customer_name: null, usage_product_name: null, validations: null }],
    ['flat data', { additional_report_data: { region: 'eu', size: 1.5, ok: true, none: null } }],
    ['a field that we do not know', { request: '7' }],
    ['a whole second', { timestamp: '2026-02-05T09:02:27Z' }],
    ['29 February', { timestamp: '2024-02-29T23:59:59.999Z' }],
    ['a negative quantity', { quantity: -3 }],
    ['nothing used', { quantity: 0 }],
    ['less than nothing, which is nothing', { quantity: -0 }],
    ['a fraction', { quantity: 0.1 }],
    ['a negative fraction', { quantity: -12.05 }],
    ['a decimal in text', { quantity: '0.123456789012345' }],
    ['the first instant', { timestamp: '1970-01-01T00:00:00.000Z' }],
    ['exactly as far ahead as may be', { timestamp: new Date(NOW + CLOCK_SKEW_MS).toISOString() }],
  ])('with %s is read as the schema reads it', (_, more) => {
    const raw = { ...PLAIN, ...more }
    const plain = readPlainEvent(raw, NOW)
    expect(plain).toBeDefined()
    expect(plain).toEqual(readBySchema(raw))
  })

  it.each<[string, Record<string, unknown>]>([
    ['no id', { event_id: undefined }],
    ['more than a float holds exactly', { quantity: 2 ** 53 }],
    ['1e308', { quantity: 1e308 }],
    ['an exponent', { quantity: '1e3' }],
    ['idle zeros', { quantity: '10.0' }],
    ['leading zeros', { quantity: '007' }],
    ['minus nothing in text', { quantity: '-0' }],
    ['a plus sign', { quantity: '+1' }],
    ['NaN in text', { quantity: 'NaN' }],
    ['a line feed after the number', { quantity: '1\n' }],
    ['40 digits', { quantity: '1234567890123456789012345678901234567890' }],
    ['validations', { validations: { currency: 'USD' } }],
    ['data that is text', { additional_report_data: 'region' }],
    ['data that is a number', { additional_report_data: 7 }],
    ['data that is a list', { additional_report_data: [] }],
    ['validations that are text', { validations: 'USD' }],
    ['validations that are a number', { validations: 0 }],
    ['validations that are false', { validations: false }],
    ['nested data', { additional_report_data: { a: { b: 1 } } }],
    ['an unknown field with depth', { more: { a: 1 } }],
    ['30 February', { timestamp: '2026-02-30T00:00:00Z' }],
    ['29 February of no leap year', { timestamp: '2025-02-29T00:00:00Z' }],
    ['a leap second', { timestamp: '2016-12-31T23:59:60Z' }],
    ['hour 24', { timestamp: '2026-02-04T24:00:00Z' }],
    ['minute 60', { timestamp: '2026-02-04T10:60:00Z' }],
    ['month 13', { timestamp: '2025-13-01T00:00:00Z' }],
    ['an offset', { timestamp: '2026-02-05T09:02:27+00:00' }],
    ['microseconds', { timestamp: '2026-02-05T09:02:27.279001Z' }],
    ['a year before 1970', { timestamp: '1969-12-31T23:59:59.999Z' }],
    ['a millisecond too far ahead', { timestamp: new Date(NOW + CLOCK_SKEW_MS + 1).toISOString() }],
    ['digits of another script', { timestamp: '٢٠٢٦-02-05T09:02:27Z' }],
    ['half a character', { event_id: '\ud800' }],
    ['half a character in a name', { customer_name: '\udfff' }],
    ['a line feed', { event_id: 'a\n' }],
    ['an empty reference', { customer_ref: '' }],
    ['an empty name', { customer_name: '' }],
    ['a reference too long', { customer_ref: 'x'.repeat(129) }],
    ['too long a body', { note: 'x'.repeat(64 * 1024) }],
  ])('with %s is left to the schema', (_, more) =>
    expect(readPlainEvent({ ...PLAIN, ...more }, NOW)).toBeUndefined(),
  )

  it.each<[string, unknown]>([
    ['null', null],
    ['text', 'event'],
    ['a list', [PLAIN]],
    ['nothing', {}],
  ])('is not %s', (_, raw) => expect(readPlainEvent(raw, NOW)).toBeUndefined())
})

describe('whatever is sent', () => {
  const weird = fc.oneof(
    fc.constantFrom<unknown>(
      ...['NaN', '1e308', '-0', '', ' ', '\u0000', '\ud800', '\u2028', 'é', '1.0', '10', '__proto__'],
      ...[1e308, -1e308, -0, 0.1, 2 ** 53, 2 ** 53 - 1, Number.MIN_VALUE, 1e21, null, true, false],
      ...[[], {}, [1], { a: 1 }, { a: {} }, { a: [] }],
    ),
    fc.jsonValue(),
    anyText({ maxLength: 300 }),
  )
  const two = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'))
  const instant = fc
    .tuple(
      fc.integer({ min: 1960, max: 2030 }),
      two(14),
      two(33),
      two(25),
      two(61),
      two(61),
      fc.constantFrom('', '.1', '.279', '.999', '.27900', '.279001', ',279'),
      fc.constantFrom('Z', 'Z', 'Z', 'z', '+00:00', '-23:59', ''),
    )
    .map(([y, mo, d, h, mi, s, fraction, zone]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${fraction}${zone}`)
  const real = fc
    .date({ min: new Date(0), max: new Date(NOW + 2 * CLOCK_SKEW_MS), noInvalidDate: true })
    .map((date) => date.toISOString())
  const mostly = (right: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: weird })
  const thousandths = fc.integer().map((value) => value / 1000)
  const decimalText = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.bigInt({ min: 0n, max: 10n ** 17n }),
      fc.constantFrom('', '.', '.5', '.50'),
    )
    .map(([sign, whole, fraction]) => `${sign}${whole}${fraction}`)
  const text = mostly(fc.string({ minLength: 1, maxLength: 40 }))
  const flat = fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toJSON', 'length')),
    mostly(fc.oneof(anyText(), fc.double(), fc.boolean())),
    { maxKeys: 3 },
  )
  const fields = fc.record(
    {
      timestamp: mostly(fc.oneof(instant, real, real, real)),
      customer_ref: text,
      customer_name: text,
      usage_product_ref: text,
      usage_product_name: text,
      quantity: mostly(fc.oneof(fc.integer(), thousandths, fc.double(), decimalText)),
      additional_report_data: mostly(flat),
      validations: fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: weird }),
      event_id: text,
    },
    { requiredKeys: ['timestamp', 'customer_ref', 'usage_product_ref', 'quantity', 'event_id'] },
  )
  const more = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toJSON')), weird, {
    maxKeys: 2,
  })
  const body = fc.tuple(fields, more).map(([own, others]) => JSON.stringify({ ...others, ...own }))

  it('is read by the schema in the same way wherever it is read as plain', () => {
    let plainOnes = 0
    fc.assert(
      fc.property(body, (text) => {
        const raw = sent(text)
        const plain = readPlainEvent(raw, NOW)
        if (!plain) return
        plainOnes++
        expect(plain).toEqual(readBySchema(raw))
      }),
      { numRuns: 4_000, seed: 20260206 },
    )
    expect(plainOnes).toBeGreaterThan(200)
  })
})
