import { Webhook as Signer } from 'standardwebhooks'
import { type Instant, toIso } from '../kernel/calendar.ts'
import type { EventType } from './event-type.ts'

export type Message = {
  id: string
  type: EventType
  createdAt: Instant
  entityRef: string | null
  data: Readonly<Record<string, unknown>>
}

/**
 * The text that is signed and sent. It is thin: references, and the figures that a receiver decides by. Messages may
 * come late and in any order, so what a thing is now is asked of the API, under `data.path`.
 */
export const messageBody = ({ id, type, createdAt, entityRef, data }: Message): string =>
  JSON.stringify({ id, type, created_at: toIso(createdAt), entity_ref: entityRef, data })

/**
 * The headers of Standard Webhooks: one signature for each secret that is in use, so that a receiver accepts the message
 * with the former and with the new one.
 *
 * @param sentAt real time: receivers refuse what is more than five minutes old or ahead
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const signedHeaders = (
  id: string,
  body: string,
  secrets: readonly string[],
  sentAt: Instant,
): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(sentAt / 1000)),
  'webhook-signature': secrets.map((secret) => new Signer(secret).sign(id, new Date(sentAt), body)).join(' '),
})
