import type { Metric } from '../../catalog/metric.ts'
import type { Instant } from '../../kernel/calendar.ts'
import type { Rational } from '../../kernel/rational.ts'
import { formatQuantity, parseQuantity } from '../quantity.ts'

/**
 * An event as a metric sees it. `order` breaks ties of the timestamp: [receivedAt ms, sequence]; the later wins. A
 * `quantity` that is no decimal counts as none.
 */
export type MetricSample = {
  at: Instant
  order: readonly [number, number]
  quantity: string
  properties: Record<string, unknown>
}

export const QUANTITY_FIELD = 'quantity'

/** The number that a metric aggregates; undefined where the event has none: null, other text, NaN, an object. */
export function numberOf({ field = QUANTITY_FIELD }: Metric, sample: MetricSample): Rational | undefined {
  const text = field === QUANTITY_FIELD ? sample.quantity : propertyText(sample.properties, field)
  return text === null ? undefined : parseQuantity(text)
}

/** The value that a metric tells apart from others, as text. A quantity has one text, however it was spelled. */
export function textOf(metric: Metric, sample: MetricSample): string | null {
  const { field = QUANTITY_FIELD } = metric
  if (field !== QUANTITY_FIELD) return propertyText(sample.properties, field)
  const quantity = numberOf(metric, sample)
  return quantity ? formatQuantity(quantity) : null
}

/**
 * A property as text: numbers and booleans by their JSON, so that 1 and "1" are the same value. Null where there is
 * none; lists, objects and infinities are no values either.
 */
export function propertyText(properties: Record<string, unknown>, key: string): string | null {
  // Own properties alone: every object inherits a "constructor".
  const value = Object.hasOwn(properties, key) ? properties[key] : undefined
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || Number.isFinite(value)) return String(value)
  return null
}
