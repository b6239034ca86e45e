import type { Instant } from '../kernel/calendar.ts'
import { isPlainDecimal } from './quantity.ts'
import { CLOCK_SKEW_MS, EVENT_CHARS_MAX, type UsageEvent } from './usage-event.ts'

/**
 * Reads an event of the usual form in a fraction of the time that the schema takes. It takes less than the schema
 * takes, and reads what it takes in the same way; what it does not take (undefined) is for the schema to judge.
 */
export function readPlainEvent(
  raw: unknown,
  now: Instant,
  fallbackId?: string | undefined,
): UsageEvent | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined
  const event = raw as Record<string, unknown>
  const { customer_ref, usage_product_ref, customer_name, usage_product_name } = event
  const event_id = event.event_id ?? fallbackId
  if (!isPlainText(event_id, 255) || !isPlainText(customer_ref, 128) || !isPlainText(usage_product_ref, 128))
    return undefined
  if (!isPlainLabel(customer_name) || !isPlainLabel(usage_product_name)) return undefined
  const occurredAt = plainInstant(event.timestamp)
  const quantity = plainQuantity(event.quantity)
  if (occurredAt === undefined || quantity === undefined || occurredAt > now + CLOCK_SKEW_MS) return undefined
  if (!isFlat(event)) return undefined
  const body = JSON.stringify(event)
  if (body.length > EVENT_CHARS_MAX) return undefined
  return {
    eventId: event_id,
    customerRef: customer_ref,
    customerName: customer_name ?? null,
    productRef: usage_product_ref,
    productName: usage_product_name ?? null,
    occurredAt,
    quantity,
    validations: null,
    body,
  }
}

const PLAIN_TEXT = /^[\x20-\x7e]+$/

const isPlainText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length <= max && PLAIN_TEXT.test(value)

const isPlainLabel = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || isPlainText(value, 200)

/** A decimal in its one spelling: no exponent, no idle zeros, no plus sign. */
function plainQuantity(value: unknown): string | undefined {
  // A number's own text is its shortest decimal form.
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && isPlainDecimal(text) ? text : undefined
}

/** Additional data without depth, and nothing else that is not plain. */
function isFlat(event: Record<string, unknown>): boolean {
  const { additional_report_data: data = null, validations = null } = event
  if (typeof data !== 'object' || validations !== null) return false
  for (const key in event) {
    const value = event[key]
    if (typeof value !== 'object' || value === null) continue
    if (key !== 'additional_report_data' || Array.isArray(value)) return false
    for (const name in value) {
      const inner = (value as Record<string, unknown>)[name]
      if (typeof inner === 'object' && inner !== null) return false
    }
  }
  return true
}

const MINUTE_FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:$/
/** Events that come together mostly lie within the same few minutes; undefined for what is none. */
const minutes = new Map<string, Instant | undefined>()
const MINUTES_MAX = 1_000

/** Reads `2026-01-31T09:00:00Z` and `2026-01-31T09:00:00.000Z`. */
function plainInstant(value: unknown): Instant | undefined {
  if (typeof value !== 'string' || (value.length !== 20 && value.length !== 24)) return undefined
  const minute = minuteOf(value.slice(0, 17))
  if (minute === undefined || !value.endsWith('Z')) return undefined
  const [tens, ones] = [digit(value, 17), digit(value, 18)]
  if (!(tens < 6 && ones < 10)) return undefined
  const at = minute + tens * 10_000 + ones * 1_000
  if (value.length === 20) return at
  const [a, b, c] = [digit(value, 20), digit(value, 21), digit(value, 22)]
  return value[19] === '.' && a < 10 && b < 10 && c < 10 ? at + a * 100 + b * 10 + c : undefined
}

function minuteOf(text: string): Instant | undefined {
  const held = minutes.get(text)
  if (held !== undefined) return held
  const minute = wholeMinute(text)
  if (minutes.size >= MINUTES_MAX) minutes.clear()
  minutes.set(text, minute)
  return minute
}

/** A minute that the calendar has; 30 February is read by some as 1 March. */
function wholeMinute(text: string): Instant | undefined {
  if (!MINUTE_FORM.test(text)) return undefined
  const at = Date.parse(`${text}00Z`)
  const isReal = at >= 0 && new Date(at).toISOString().startsWith(text)
  return isReal ? at : undefined
}

/** 0 to 9; far above for any other character. */
const digit = (text: string, place: number): number => {
  const code = text.charCodeAt(place)
  return code >= 48 ? code - 48 : NO_DIGIT
}

const NO_DIGIT = 99
