import { z } from '@hono/zod-openapi'
import { invalidRequest } from '../http/router.http.ts'
import { type Instant, toIso } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import { ownValue } from '../kernel/own-value.ts'
import type { Fault } from '../kernel/problem.ts'
import { eventIdField, quantityField, timestampField, usageRef, wellFormed } from './ingest.http.ts'

const WELL_FORMED = 'must be well-formed Unicode'
const attribute = z.string().min(1).refine(wellFormed, WELL_FORMED)

/** CloudEvents 1.0, in the JSON format. */
export const cloudEventBody = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: attribute,
    source: attribute.openapi({ description: '`source` and `id` together identify the event' }),
    subject: usageRef.openapi({ description: 'The customer' }),
    type: usageRef.openapi({ description: 'The product' }),
    time: timestampField.nullish().openapi({ description: 'By default when it is received first' }),
    data: z
      .looseObject({ quantity: quantityField.nullish().openapi({ description: 'By default 1' }) })
      .nullish()
      .openapi({ description: 'Everything beside the quantity is report data' }),
  })
  .refine((event) => event.data_base64 === undefined, {
    path: ['data_base64'],
    message: 'is not taken; send `data` as a JSON object',
  })
  .openapi('CloudEvent')

/**
 * A CloudEvent in the words of a usage event. Its attributes stay with it as `mapped_from`; without a `time` its
 * timestamp is that of the reception, which is then no part of what a repeat is compared by.
 *
 * Throws a Problem that names every fault in the words of CloudEvents.
 */
export function readCloudEvent(value: unknown, now: Instant): Record<string, unknown> {
  const sent = cloudEventBody.safeParse(value)
  if (!sent.success) throw invalidRequest(sent.error)
  const { data, ...attributes } = value as Record<string, unknown>
  const { quantity, ...report } = (data ?? {}) as Record<string, unknown>
  const { source, id, subject, type, time } = sent.data
  return {
    event_id: identityOf(source, id),
    timestamp: time ?? toIso(now),
    customer_ref: subject,
    usage_product_ref: type,
    quantity: quantity ?? 1,
    ...(Object.keys(report).length > 0 && { additional_report_data: report }),
    mapped_from: attributes,
  }
}

const WORDS: Readonly<Record<string, string>> = {
  event_id: 'id',
  timestamp: 'time',
  customer_ref: 'subject',
  usage_product_ref: 'type',
  quantity: 'data.quantity',
}

/** A fault of a usage event in the words of the CloudEvent that it was made from. */
export const inItsWords = ({ path, message }: Fault): Fault => ({
  path: ownValue(WORDS, path) ?? path,
  message,
})

/** An id without `#` keeps the two apart in one text; any other pair is identified by its hash. */
function identityOf(source: string, id: string): string {
  const text = `${source}#${id}`
  return !id.includes('#') && eventIdField.safeParse(text).success ? text : derivedId('ce', source, id)
}
