import type { OutboxRow } from '../delivery/outbox.ts'
import type { Instant } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import type { AnnouncedType, EventType } from './event-type.ts'
import { messageBody } from './message.ts'
import { type Webhook, wants } from './webhook.ts'

/** Something that has happened, with what is told of the thing that it happened to. */
export type Happening = {
  type: AnnouncedType
  sourceId: string
  at: Instant
  subject: { entityRef: string | null; data: Readonly<Record<string, unknown>> }
}

type WebhookEvent = { id: string; type: EventType; body: string; createdAt: Instant }
export type Delivery = {
  id: string
  webhookRef: string
  eventId: string
  state: 'waiting' | 'delivered' | 'failed'
  attempts: number
  createdAt: Instant
}
export type Announcement = { events: WebhookEvent[]; deliveries: Delivery[]; outbox: OutboxRow[] }

/**
 * The messages that tell what has happened, and one delivery of each to every webhook that asked for its type. Ids follow
 * from what happened, so that announcing it again makes the same rows. What nobody asked for makes none; for a paused
 * webhook the delivery waits without an attempt.
 */
export function announcementOf(
  happenings: readonly Happening[],
  webhooks: readonly Webhook[],
  now: Instant,
): Announcement {
  const told = happenings.map((happening) => ({
    happening,
    to: webhooks.filter((webhook) => wants(webhook, happening.type)),
  }))
  const heard = told.filter(({ to }) => to.length > 0)
  const all = heard.flatMap(({ happening, to }) => to.map((webhook) => ({ happening, webhook })))
  return {
    events: heard.map(({ happening }) => eventOf(happening, now)),
    deliveries: all.map(({ happening, webhook }) => deliveryOf(happening, webhook, now)),
    outbox: all
      .filter(({ webhook }) => webhook.state === 'active')
      .map(({ happening, webhook }) => sendingOf(deliveryOf(happening, webhook, now).id, now)),
  }
}

/** A delivery and its outbox row have one id. */
export const sendingOf = (deliveryId: string, dueAt: Instant): OutboxRow => ({
  id: deliveryId,
  topic: 'webhook',
  payload: { deliveryId },
  dueAt,
})

function eventOf(happening: Happening, now: Instant): WebhookEvent {
  const { type, at, subject } = happening
  const { entityRef, data } = subject
  const id = eventIdOf(happening)
  return { id, type, body: messageBody({ id, type, createdAt: at, entityRef, data }), createdAt: now }
}

function deliveryOf(happening: Happening, { ref }: Webhook, now: Instant): Delivery {
  const eventId = eventIdOf(happening)
  const id = derivedId('dlv', ref, eventId)
  return { id, webhookRef: ref, eventId, state: 'waiting', attempts: 0, createdAt: now }
}

const eventIdOf = ({ type, sourceId }: Happening): string => derivedId('evt', type, sourceId)
