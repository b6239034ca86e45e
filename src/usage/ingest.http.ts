import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { currencyField, instantOut, refField } from '../http/fields.http.ts'
import { type AppEnv, invalidRequest } from '../http/router.http.ts'
import { Problem } from '../kernel/problem.ts'
import { parseQuantity, QUANTITY_DIGITS } from './quantity.ts'

export const EVENTS_MAX = 5_000
/** More than the largest event, so that its own size is what is complained of. */
export const EVENT_BYTES_MAX = 512 * 1024
export const BATCH_BYTES_MAX = 5 * 1024 * 1024

/** Text that is stored and looked up byte by byte: half a character would come back as another text. */
export const wellFormed = (text: string): boolean => text.isWellFormed()
export const usageRef = refField.refine(wellFormed, 'must be well-formed Unicode')
const label = z.string().max(200).refine(wellFormed, 'must be well-formed Unicode')
export const eventIdField = z
  .string()
  .min(1)
  .max(255)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the point
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'must not contain control characters')
  .refine(wellFormed, 'must be well-formed Unicode')

/** Leaves room for the place of an event behind it. */
export const BATCH_KEY_CHARS_MAX = 240
export const batchKeyField = eventIdField.max(BATCH_KEY_CHARS_MAX)

/** Read only where it is sent: a validator would look at every header of every call. */
export function idempotencyKey(c: Context<AppEnv>, field: z.ZodString): string | undefined {
  const key = c.req.header('idempotency-key')
  if (key === undefined) return undefined
  const read = z.object({ 'idempotency-key': field }).safeParse({ 'idempotency-key': key })
  if (!read.success) throw invalidRequest(read.error)
  return key
}

export const idempotencyKeyParameter = (maxLength: number) => ({
  name: 'idempotency-key',
  in: 'header' as const,
  schema: { type: 'string' as const, minLength: 1, maxLength },
})

export const timestampField = z.iso
  .datetime({ offset: true, message: 'must be an instant of RFC 3339 such as 2024-02-05T09:02:27.279Z' })
  .openapi({ format: 'date-time', example: '2024-02-05T09:02:27.279Z' })

export const quantityField = z
  .union([z.number(), z.string()])
  .transform(String)
  .refine(
    (text) => parseQuantity(text) !== undefined,
    `must be a decimal number of up to ${QUANTITY_DIGITS} digits before and after the point`,
  )
  .openapi({ description: 'A number, read by its shortest decimal form, or a string of any precision' })

export const eventBody = z
  .looseObject({
    timestamp: timestampField,
    customer_ref: usageRef,
    customer_name: label.nullish(),
    usage_product_ref: usageRef,
    usage_product_name: label.nullish(),
    quantity: quantityField,
    additional_report_data: z.record(z.string(), z.unknown()).nullish(),
    validations: z
      .looseObject({ currency: currencyField.nullish(), entity_ref: usageRef.nullish() })
      .nullish()
      .openapi({ description: 'What the contract that bills the event must agree with' }),
    event_id: eventIdField.nullish().openapi({
      description:
        'Identifies the event within its customer. By default the Idempotency-Key, or else the content',
    }),
  })
  .openapi('UsageEvent')

export const periodOut = z.object({ start: instantOut, end: instantOut })

export const eventAnswer = z
  .looseObject({
    event_ref: z.string(),
    event_id: z.string(),
    outcome: z.enum(['accepted', 'duplicate']),
    cycle: periodOut
      .nullable()
      .openapi({ description: 'The billing cycle; null while no contract is known to bill the product' }),
    cycle_total: z
      .string()
      .nullable()
      .openapi({
        description:
          "The product's quantity in the cycle; without a cycle, in the calendar month (UTC) of the event. Null for " +
          'a customer whose meter is spread over several objects: ask for the summary.',
        example: '1250.5',
      }),
  })
  .openapi('UsageEventAnswer', { description: 'The event as it was sent, and what became of it' })

const fault = z.object({ path: z.string(), message: z.string() })

const batchResult = z.object({
  index: z.int(),
  outcome: z.enum(['accepted', 'duplicate', 'conflict', 'rejected']),
  event_ref: z.string().nullable(),
  event_id: z.string().nullable(),
  error: z.object({ code: z.string(), detail: z.string(), errors: z.array(fault) }).optional(),
})
export type BatchResult = z.infer<typeof batchResult>

export const batchAnswer = z
  .object({
    accepted: z.int(),
    duplicates: z.int(),
    rejected: z.int().openapi({ description: 'Conflicts included' }),
    results: z.array(batchResult),
  })
  .openapi('UsageBatchAnswer')
export type BatchAnswer = z.infer<typeof batchAnswer>

/**
 * The text of a body that has one of the media types and up to so many bytes. Throws a Problem, also where it is not
 * UTF-8: a wrong byte must not become another character.
 */
export async function bodyText(
  c: Context<AppEnv>,
  mediaTypes: readonly string[],
  bytesMax: number,
): Promise<{ mediaType: string; text: string }> {
  const mediaType = mediaTypeOf(c.req.header('content-type'))
  if (!mediaTypes.includes(mediaType))
    throw new Problem(415, 'unsupported_media_type', `Send the body as ${mediaTypes.join(' or ')}.`)
  const bytes = await boundedBytes(c, bytesMax)
  try {
    return { mediaType, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes) }
  } catch {
    throw new Problem(400, 'malformed_body', 'The body is not UTF-8.')
  }
}

async function boundedBytes(c: Context<AppEnv>, bytesMax: number): Promise<ArrayBuffer> {
  const tooLarge = () => new Problem(413, 'body_too_large', 'The body is larger than this call takes.')
  // A body that does not tell its length could be endless, so it is counted while it is read.
  if (c.req.header('content-length') === undefined)
    await bodyLimit({
      maxSize: bytesMax,
      onError: () => {
        throw tooLarge()
      },
    })(c, async () => {})
  else if (Number(c.req.header('content-length')) > bytesMax) throw tooLarge()
  return c.req.arrayBuffer()
}

const mediaTypeOf = (header: string | undefined): string => (header ?? '').split(';')[0]!.trim().toLowerCase()
