import { z } from '@hono/zod-openapi'
import { eventBody, periodOut } from './ingest.http.ts'

export const eventRefField = z
  .string()
  .min(1)
  .max(1000)
  .openapi({ example: 'evt_YWNtZQ.0f8b1c2d3e4f5a6b7c8d9e0f1a2b3c4d' })

export const eventEdit = z
  .strictObject({ event_ref: eventRefField, ...eventBody.partial().shape })
  .openapi('UsageEventUpdate', {
    description: 'The fields to change. Null takes an optional one away; `customer_ref` and `event_id` stay.',
  })

export const revisedAnswer = z
  .looseObject({
    event_ref: z.string(),
    event_id: z.string(),
    outcome: z
      .enum(['amended', 'voided', 'duplicate'])
      .openapi({ description: '`duplicate`: it was so already, and nothing changed' }),
    cycle: periodOut.nullable().openapi({ description: 'The billing cycle that the event counts in' }),
  })
  .openapi('UsageEventRevised', { description: 'The event as it counts by now' })

export const currentAnswer = z
  .looseObject({
    event_ref: z.string(),
    event_id: z.string(),
    received_at: z.string(),
    status: z.enum(['counted', 'amended', 'voided']),
  })
  .openapi('UsageEventNow')
