import { z } from '@hono/zod-openapi'
import { bodyAfter, editOf } from '../http/edit.http.ts'
import { instantOut, pageQuery, refField } from '../http/fields.http.ts'
import { type Instant, toIso } from '../kernel/calendar.ts'
import { randomId } from '../kernel/id.ts'
import type { ListedDelivery } from './deliveries.store.ts'
import { EVENT_TYPES } from './event-type.ts'
import { activeSeeds } from './secret.ts'
import type { Webhook, WebhookOrder } from './webhook.ts'

const fields = {
  url: z.string().openapi({
    description:
      'Where messages are sent: https, on the public internet. The sandbox also takes http://localhost.',
  }),
  events: z.array(z.enum(EVENT_TYPES)).min(1).max(EVENT_TYPES.length).optional().openapi({
    description: 'The types of events to be told of. Default: all, also those that are added later.',
  }),
  description: z.string().trim().min(1).max(500).optional().openapi({ description: 'For people.' }),
}

const orderBody = z.strictObject(fields)

export const webhookBody = orderBody.extend({ webhook_ref: refField.optional() }).openapi('NewWebhook')

export const webhookEdit = editOf(fields)
  .extend({
    state: z.enum(['active', 'paused']).optional().openapi({
      description:
        'For a paused webhook messages gather, up to 30 days; they are sent when it is active again.',
    }),
  })
  .openapi('WebhookEdit')

export const rotationBody = z.strictObject({
  former_valid_hours: z.int().min(0).max(168).default(24).openapi({
    description: 'How long the former secret signs beside the one that is made.',
  }),
})

export const webhookSchema = z
  .object({
    webhook_ref: z.string(),
    url: z.string(),
    events: z.array(z.enum(EVENT_TYPES)).nullable().openapi({ description: 'Null: all.' }),
    description: z.string().nullable(),
    state: z.enum(['active', 'paused']),
    paused_by: z.enum(['operator', 'gone', 'failing']).nullable().openapi({
      description: '`gone`: its receiver answered 410. `failing`: nothing got through for three days.',
    }),
    failing_since: instantOut.nullable(),
    former_secret_valid_until: instantOut.nullable(),
    created_at: instantOut,
  })
  .openapi('Webhook')

export const webhookWithSecretSchema = webhookSchema
  .extend({ secret: z.string().openapi({ description: 'Shown this once.', example: 'whsec_…' }) })
  .openapi('WebhookWithSecret')

const STATES = ['waiting', 'delivered', 'failed'] as const

export const deliveriesQuery = pageQuery.extend({
  state: z.enum(STATES).optional().openapi({ description: 'Only deliveries in this state.' }),
})

export const deliverySchema = z
  .object({
    delivery_id: z.string(),
    event_id: z.string(),
    type: z.string(),
    state: z.enum(STATES),
    next_attempt_at: instantOut.nullable(),
    created_at: instantOut,
    message: z.record(z.string(), z.unknown()),
    attempts: z.array(
      z.object({
        at: instantOut,
        status: z.int().nullable().openapi({ description: 'Null: no answer came.' }),
        latency_ms: z.int(),
        answer: z.string().openapi({ description: 'The beginning of the answer, or why there is none.' }),
      }),
    ),
  })
  .openapi('WebhookDelivery')

export const readWebhook = ({
  webhook_ref: ref = randomId('whk'),
  ...order
}: z.infer<typeof webhookBody>): WebhookOrder & { ref: string } => ({ ref, ...readOrder(order) })

/** What the webhook is asked to be after the edit. */
export const readWebhookEdit = (
  webhook: Webhook,
  { state: _, ...edit }: z.infer<typeof webhookEdit>,
): WebhookOrder => {
  const { url, events, description } = webhook
  return readOrder(bodyAfter(orderBody, { url, events, description }, edit))
}

const readOrder = ({ url, events, description }: z.infer<typeof orderBody>): WebhookOrder => ({
  url,
  events: events === undefined ? null : EVENT_TYPES.filter((type) => events.includes(type)),
  description: description ?? null,
})

export function showWebhook(webhook: Webhook, now: Instant): z.infer<typeof webhookSchema> {
  const untils = activeSeeds(webhook.seeds, now).flatMap(({ until }) => until ?? [])
  return {
    webhook_ref: webhook.ref,
    url: webhook.url,
    events: webhook.events,
    description: webhook.description,
    state: webhook.state,
    paused_by: webhook.pausedBy,
    failing_since: isoOrNull(webhook.failingSince),
    former_secret_valid_until: isoOrNull(untils.length === 0 ? null : Math.max(...untils)),
    created_at: toIso(webhook.createdAt),
  }
}

export const showDelivery = (delivery: ListedDelivery): z.infer<typeof deliverySchema> => ({
  delivery_id: delivery.id,
  event_id: delivery.eventId,
  type: delivery.type,
  state: delivery.state,
  next_attempt_at: isoOrNull(delivery.dueAt),
  created_at: toIso(delivery.createdAt),
  message: JSON.parse(delivery.body),
  attempts: delivery.tried.map(({ at, status, latencyMs, answer }) => ({
    at: toIso(at),
    status,
    latency_ms: latencyMs,
    answer,
  })),
})

const isoOrNull = (instant: Instant | null): string | null => (instant === null ? null : toIso(instant))
