import { z } from '@hono/zod-openapi'
import { metricSchema } from '../../catalog/metric.http.ts'
import { dateField, instantOut, timezoneField } from '../../http/fields.http.ts'
import { startOfDay } from '../../kernel/calendar.ts'
import { invalid } from '../../kernel/problem.ts'
import { eventIdField, timestampField, usageRef } from '../ingest.http.ts'
import type { Period } from '../period.ts'
import { windowsAtMost } from '../usage-summary.ts'
import { WINDOWS } from '../windows.ts'
import type { PreviewEvent } from './preview.ts'

const EVENTS_MAX = 10_000
const WINDOWS_MAX = 1_000

const boundField = z
  .union([dateField, timestampField])
  .openapi({ type: 'string', description: 'An instant, or a date: its midnight in the time zone.' })

const eventField = z.strictObject({
  event_id: eventIdField,
  timestamp: timestampField,
  customer_ref: usageRef.optional(),
  quantity: z
    .union([z.number(), z.string()])
    .nullish()
    .openapi({ description: 'What is no number is passed over, as a metric does with any value.' }),
  properties: z.record(z.string(), z.unknown()).default({}),
})

export const aggregateBody = z.strictObject({
  metric: metricSchema,
  events: z
    .array(eventField)
    .max(EVENTS_MAX)
    .openapi({ description: 'Those before `from` are what a recurring metric carries in.' }),
  from: boundField,
  to: boundField.openapi({ description: 'Exclusive.' }),
  timezone: timezoneField.default('UTC'),
  window: z.enum(WINDOWS).optional(),
})

const valueOut = z.string().openapi({ example: '1250.5' })
const groupsOut = z.array(z.object({ group: z.record(z.string(), z.string().nullable()), value: valueOut }))
const windowOut = z.object({
  start: instantOut,
  end: instantOut,
  value: valueOut,
  groups: groupsOut.optional(),
})

export const aggregateAnswer = z.union([
  z.object({ value: valueOut }),
  z.object({ groups: groupsOut }),
  z.object({ windows: z.array(windowOut) }),
])

type AggregateBody = z.infer<typeof aggregateBody>

/** The range that is asked for. Throws `invalid_range` where it is empty or has too many windows. */
export function readRange({ from, to, timezone, window }: AggregateBody): Period {
  const instant = (bound: string) => (bound.includes('T') ? Date.parse(bound) : startOfDay(bound, timezone))
  const range = { start: instant(from), end: instant(to) }
  if (range.start >= range.end || windowsAtMost({ ...range, window, timezone }) > WINDOWS_MAX) {
    throw invalid('invalid_range', `"to" must be after "from", by up to ${WINDOWS_MAX} windows.`, [
      { path: 'to', message: `must be after "from", by up to ${WINDOWS_MAX} windows` },
    ])
  }
  return range
}

export const readEvents = ({ events }: AggregateBody): PreviewEvent[] =>
  events.map((event) => ({
    customerRef: event.customer_ref ?? '',
    eventId: event.event_id,
    at: Date.parse(event.timestamp),
    quantity: String(event.quantity ?? ''),
    properties: event.properties,
  }))
