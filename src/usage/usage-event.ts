import { type Instant, toIso } from '../kernel/calendar.ts'
import { canonicalJson } from '../kernel/hash.ts'
import { derivedId } from '../kernel/id.ts'
import { invalid } from '../kernel/problem.ts'
import { formatQuantity, isPlainDecimal, parseQuantity } from './quantity.ts'

/** A usage event in the seed product's own words, as it comes over the wire. */
export type EventBody = {
  timestamp: string
  customer_ref: string
  customer_name?: string | null | undefined
  usage_product_ref: string
  usage_product_name?: string | null | undefined
  quantity: string
  additional_report_data?: Record<string, unknown> | null | undefined
  validations?: Validations | null | undefined
  event_id?: string | null | undefined
}

/** What the contract that bills the event must agree with. */
export type Validations = { currency?: string | null | undefined; entity_ref?: string | null | undefined }

/** A usage event as the meter takes it: facts in one spelling, and the event as it was sent. */
export type UsageEvent = {
  eventId: string
  customerRef: string
  customerName: string | null
  productRef: string
  productName: string | null
  occurredAt: Instant
  /** Decimal text of `formatQuantity`. */
  quantity: string
  validations: Validations | null
  /** JSON. */
  body: string
}

/** How far a producer's clock may be ahead of ours. */
export const CLOCK_SKEW_MS = 5 * 60_000
export const EVENT_CHARS_MAX = 64 * 1024
const NESTING_MAX = 16

/**
 * Reads an event whose form has been checked; `raw` is the same event exactly as it was sent.
 *
 * Its identity within its customer is `event_id`, or else the Idempotency-Key, or else its content: a producer that
 * names nothing and blindly sends again is counted once.
 *
 * Throws a Problem: `event_too_large`, `timestamp_ahead`, `timestamp_too_old`.
 */
export function usageEvent(
  sent: EventBody,
  raw: Record<string, unknown>,
  now: Instant,
  idempotencyKey?: string | undefined,
): UsageEvent {
  const body = boundedJson(raw)
  const occurredAt = Date.parse(sent.timestamp)
  checkTime(occurredAt, now)
  return {
    eventId: sent.event_id ?? idempotencyKey ?? derivedId('uev', countedContent(raw)),
    customerRef: sent.customer_ref,
    customerName: sent.customer_name ?? null,
    productRef: sent.usage_product_ref,
    productName: sent.usage_product_name ?? null,
    occurredAt,
    quantity: quantityText(sent.quantity),
    validations: sent.validations ?? null,
    body,
  }
}

/**
 * What is counted of an event, as one text: two events that say the same have the same one. Names, validations and the
 * form that it was mapped from are no part of it, and neither is the spelling: `10` and `"10.0"`, `Z` and `+00:00` say
 * the same.
 */
export function countedContent(raw: Record<string, unknown>): string {
  const { event_id, customer_name, usage_product_name, validations, mapped_from, ...counted } = raw
  const timestamp = isTimeAssumed(mapped_from) ? null : exactTime(String(raw.timestamp))
  return canonicalJson({ ...counted, timestamp, quantity: quantityText(String(raw.quantity)) })
}

/** True for a CloudEvent that told no time: its timestamp is another one each time that it is received. */
function isTimeAssumed(mappedFrom: unknown): boolean {
  const { specversion, time } = Object(mappedFrom) as Record<string, unknown>
  return specversion !== undefined && (time === undefined || time === null)
}

/** Of an event that was recorded: the product, the time and the quantity that it counts for. */
export const countedFacts = (event: Record<string, unknown>) => ({
  productRef: String(event.usage_product_ref),
  occurredAt: Date.parse(String(event.timestamp)),
  quantity: quantityText(String(event.quantity)),
})

const quantityText = (text: string): string =>
  isPlainDecimal(text) ? text : formatQuantity(parseQuantity(text)!)

/** The instant in one spelling, with the digits that milliseconds leave out: they can tell two events apart. */
const exactTime = (timestamp: string): string =>
  toIso(Date.parse(timestamp)) + (/\.\d{3}(\d*[1-9])/.exec(timestamp)?.[1] ?? '')

function checkTime(at: Instant, now: Instant): void {
  if (at > now + CLOCK_SKEW_MS) {
    throw invalid(
      'timestamp_ahead',
      `The event is of ${toIso(at)}, more than 5 minutes ahead of now, ${toIso(now)}. Check the producer's clock.`,
      [{ path: 'timestamp', message: 'is more than 5 minutes ahead' }],
    )
  }
  if (at < 0) {
    throw invalid('timestamp_too_old', 'Events before 1970 are not taken.', [
      { path: 'timestamp', message: 'is before 1970' },
    ])
  }
}

/** The JSON of an event. Throws a Problem `event_too_large`, also where it is nested too deep to be looked through. */
export function boundedJson(raw: Readonly<Record<string, unknown>>): string {
  // Depth first: writing a value that is nested without end would exhaust the stack.
  const body = isNestedWithin(raw, NESTING_MAX) ? JSON.stringify(raw) : undefined
  if (body === undefined || body.length > EVENT_CHARS_MAX) {
    throw invalid(
      'event_too_large',
      `An event takes up to ${EVENT_CHARS_MAX} characters of JSON, nested up to ${NESTING_MAX} deep.`,
    )
  }
  return body
}

const isNestedWithin = (value: unknown, depth: number): boolean =>
  value === null ||
  typeof value !== 'object' ||
  (depth > 0 && Object.values(value).every((inner) => isNestedWithin(inner, depth - 1)))
