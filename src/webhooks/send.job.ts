import { realTime } from '../clock/clock.store.ts'
import { type Effect, TryLater } from '../delivery/effect.ts'
import type { EffectContext } from '../delivery/outbox.job.ts'
import { commit } from '../storage/db.store.ts'
import { afterRest, verdictOf } from './attempt.ts'
import { findSending, writeVerdict } from './deliveries.store.ts'
import { signedHeaders } from './message.ts'
import { post } from './post.client.ts'
import { activeSeeds, secretOf } from './secret.ts'

/**
 * One attempt to deliver a message. What comes of it is written before the outbox hears of it: after a crash in between
 * the message may be sent once more, under the same id. For a paused webhook nothing is sent, and the delivery waits.
 */
export const sendWebhook: Effect<EffectContext, 'webhook'> = async ({ env, db, now }, { deliveryId }) => {
  const sending = await findSending(db, deliveryId)
  if (sending?.delivery.state !== 'waiting' || sending.webhook.state === 'paused') return
  const { delivery, webhook, event } = sending
  const { restsUntil } = webhook
  if (restsUntil !== null && restsUntil > now)
    throw new TryLater(afterRest(restsUntil, Math.random()), 'The receiver gave no answer to another message')
  const secrets = activeSeeds(webhook.seeds, now).map(({ seed }) => secretOf(env.LINK_SECRET, seed))
  const headers = signedHeaders(event.id, event.body, secrets, realTime())
  const { status, answer, latencyMs } = await post(webhook.url, { headers, body: event.body })
  const attempts = delivery.attempts + 1
  const { failingSince } = webhook
  const verdict = verdictOf({ attempts, status, failingSince, now, random: Math.random() })
  const attempt = { deliveryId, at: now, status, latencyMs, answer }
  await commit(db, writeVerdict(db, sending, attempt, verdict))
  if (verdict.againAt !== null) throw new TryLater(verdict.againAt, answer || `The answer was ${status}`)
}
