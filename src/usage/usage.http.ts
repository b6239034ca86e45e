import { z } from '@hono/zod-openapi'
import { instantOut, pageOf, pageQuery, timezoneField } from '../http/fields.http.ts'
import { periodOut, timestampField, usageRef } from './ingest.http.ts'
import { WINDOWS } from './windows.ts'

const queryInstant = timestampField.transform((text) => Date.parse(text))

export const eventsQuery = pageQuery.extend({
  customer_ref: usageRef,
  product_ref: usageRef.optional(),
  from: queryInstant.optional(),
  to: queryInstant.optional(),
})

export const eventsAnswer = pageOf(
  z.looseObject({
    event_ref: z.string(),
    event_id: z.string(),
    received_at: instantOut,
    amended: z.boolean(),
  }),
)

export const summaryQuery = z.object({
  customer_ref: usageRef,
  product_ref: usageRef.optional(),
  from: queryInstant
    .optional()
    .openapi({ description: 'By default the start of this month in the time zone' }),
  to: queryInstant.optional().openapi({ description: 'By default the end of the month of `from`' }),
  window: z.enum(WINDOWS).optional(),
  timezone: timezoneField.default('UTC'),
})

const usageOut = {
  quantity: z.string().openapi({ example: '1250.5', description: 'The sum of the quantities' }),
  events: z.int(),
  value: z
    .string()
    .openapi({ example: '1250.5', description: "What the product's metric makes of the events" }),
}

export const summaryAnswer = z.object({
  customer_ref: z.string(),
  from: instantOut,
  to: instantOut,
  window: z.enum(WINDOWS).nullable(),
  timezone: z.string(),
  data: z.array(
    z.object({
      product_ref: z.string(),
      ...usageOut,
      windows: z.array(periodOut.extend(usageOut)).openapi({ description: 'Those in which there was usage' }),
    }),
  ),
})
