import { z } from '@hono/zod-openapi'
import { decimalField, instantOut, refField } from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { dividesExactly, EPOCH_UNITS, type FormatField } from './event-format.ts'
import type { UsageFormat } from './formats.store.ts'
import { eventBody } from './ingest.http.ts'
import { eventRefField } from './revise.http.ts'

const FIELDS_MAX = 100
const REQUIRED = ['timestamp', 'customer_ref', 'usage_product_ref', 'quantity'] as const
const TARGETS = [
  ...REQUIRED,
  'customer_name',
  'usage_product_name',
  'event_id',
  'additional_report_data',
  'validations.currency',
  'validations.entity_ref',
]
const REPORT_DATA = 'additional_report_data.'

export const formatNameField = refField

const formatField = z
  .strictObject({
    path: z.string().min(1).max(500).optional().openapi({
      description: 'Keys joined by points; a place in an array is a number.',
      example: 'tenant.id',
    }),
    value: z.unknown().optional().openapi({ description: 'The same for all events, instead of a path.' }),
    default: z.unknown().optional().openapi({ description: 'Where the path finds nothing.' }),
    multiply_by: decimalField.optional(),
    divide_by: decimalField
      .refine(
        (divisor) => dividesExactly(divisor),
        'must divide decimals exactly, as 1000 or 1024 do; for others bill by `unit_conversion` of the price',
      )
      .optional(),
    unit: z.enum(EPOCH_UNITS).optional().openapi({ description: 'For a timestamp that is a number.' }),
    names: z
      .record(z.string(), z.string())
      .optional()
      .openapi({
        description: 'Other names for values; what is not named stays.',
        example: { 'sku-1': 'api-calls' },
      }),
  })
  .refine(
    (field) => (field.path === undefined) !== (field.value === undefined),
    'must have a path or a value',
  )
  .refine(hasOneTransform, 'must be scaled, or be a time, or be renamed: not several of these')
  .openapi('UsageFormatField')

export const formatBody = z
  .strictObject({
    format_name: formatNameField,
    fields: z
      .record(
        z
          .string()
          .max(200)
          .refine(isTarget, 'must be a field of usage events, or additional_report_data.<name>'),
        formatField,
      )
      .refine((fields) => Object.keys(fields).length <= FIELDS_MAX, `must be up to ${FIELDS_MAX} fields`)
      .refine(
        (fields) => REQUIRED.every((field) => Object.hasOwn(fields, field)),
        `must have ${REQUIRED.join(', ')}`,
      ),
  })
  .openapi('NewUsageFormat')

const incoming = z.record(z.string(), z.unknown()).openapi({ description: 'Any key-values.' })

export const formattedBody = z
  .strictObject({ format_name: formatNameField, event: incoming })
  .openapi('FormattedUsageEvent')

export const formattedEdit = z
  .strictObject({ event_ref: eventRefField, format_name: formatNameField, event: incoming })
  .openapi('FormattedUsageEventUpdate')

export const previewBody = z.strictObject({ event: incoming })
export const previewAnswer = z.object({ event: eventBody.loose() })

export const formatSchema = z
  .object({
    format_name: formatNameField,
    fields: z.record(z.string(), formatField),
    created_at: instantOut,
    updated_at: instantOut,
  })
  .openapi('UsageFormat')

export const showFormat = ({ name, fields, createdAt, updatedAt }: UsageFormat) => ({
  format_name: name,
  fields: fields as Record<string, FormatField>,
  created_at: toIso(createdAt),
  updated_at: toIso(updatedAt),
})

function isTarget(field: string): boolean {
  return TARGETS.includes(field) || (field.startsWith(REPORT_DATA) && field.length > REPORT_DATA.length)
}

function hasOneTransform({ multiply_by, divide_by, unit, names }: FormatField): boolean {
  return [multiply_by ?? divide_by, unit, names].filter((transform) => transform !== undefined).length <= 1
}
