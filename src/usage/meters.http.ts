import { z } from '@hono/zod-openapi'
import { instantOut } from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { usageRef } from './ingest.http.ts'
import type { MeterCheck, MeterState } from './meters.job.ts'
import { isShardCount, SHARDS_MAX } from './shards.ts'

export const customerParam = z.object({ customer_ref: usageRef })

export const meterEdit = z
  .strictObject({
    shards: z.int().refine(isShardCount, `must be a power of two up to ${SHARDS_MAX}`).optional().openapi({
      description: 'Over how many objects the meter is spread; the number only grows.',
      example: 4,
    }),
    automatic: z
      .boolean()
      .optional()
      .openapi({ description: 'Whether the meter spreads further by itself when it has too much to do.' }),
  })
  .openapi('UsageMeterSetting')

export const meterSchema = z
  .object({
    customer_ref: z.string(),
    shards: z.int(),
    automatic: z.boolean(),
    events: z.int().openapi({ description: 'That count by now' }),
    log_bytes: z.int().openapi({ description: 'Of events that wait for the archive' }),
    database_bytes: z.int(),
    rows_written: z.int().openapi({ description: 'Since the objects of the meter woke' }),
    events_written: z.int().openapi({ description: 'For which these rows were written' }),
  })
  .openapi('UsageMeter')

export const checkSchema = z
  .object({
    ok: z.boolean(),
    events: z.int(),
    segments: z.int().openapi({ description: 'Objects of the archive' }),
    products: z.array(z.object({ product_ref: z.string(), events: z.int(), quantity: z.string() })),
    differences: z
      .array(
        z.object({
          shard: z.int(),
          product_ref: z.string(),
          start: instantOut,
          stored: z.string(),
          counted: z.string(),
        }),
      )
      .openapi({
        description: 'Totals that are not what the events add up to, by product and quarter of an hour',
      }),
    faults: z.array(z.string()).openapi({ description: 'What is amiss in the events themselves' }),
  })
  .openapi('UsageMeterCheck')

export const showMeter = (customerRef: string, meter: MeterState): z.infer<typeof meterSchema> => ({
  customer_ref: customerRef,
  shards: meter.shards,
  automatic: meter.automatic,
  events: meter.events,
  log_bytes: meter.logBytes,
  database_bytes: meter.databaseBytes,
  rows_written: meter.rowsWritten,
  events_written: meter.eventsWritten,
})

const DIFFERENCES_SHOWN = 100

export const showCheck = (check: MeterCheck): z.infer<typeof checkSchema> => ({
  ok: check.ok,
  events: check.products.reduce((events, product) => events + product.events, 0),
  segments: check.segments,
  products: check.products.map(({ productRef, events, quantity }) => ({
    product_ref: productRef,
    events,
    quantity,
  })),
  differences: check.differences
    .slice(0, DIFFERENCES_SHOWN)
    .map(({ shard, productRef, bucket, stored, counted }) => ({
      shard,
      product_ref: productRef,
      start: toIso(bucket),
      stored,
      counted,
    })),
  faults: check.faults.slice(0, DIFFERENCES_SHOWN),
})
