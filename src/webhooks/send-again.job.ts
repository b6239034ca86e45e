import { type Actor, audit } from '../access/access.store.ts'
import { randomId } from '../kernel/id.ts'
import { assert, conflict, notFound } from '../kernel/problem.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { type Announcement, sendingOf } from './announce.ts'
import { findDelivery, type ListedDelivery, sendAnew, writeDeliveries } from './deliveries.store.ts'
import { messageBody } from './message.ts'
import type { Webhook } from './webhook.ts'

/** Begins a delivery anew, also one that got through. Throws `delivery_not_found` and `webhook_paused`. */
export async function resend(db: Db, actor: Actor, webhook: Webhook, id: string): Promise<ListedDelivery> {
  if (!(await findDelivery(db, webhook.ref, id))) throw notFound('delivery', id)
  refusePaused(webhook)
  await commit(db, [
    ...sendAnew(db, { id }, actor.now),
    ...audit(db, actor, { action: 'webhook.resend', subject: webhook.ref, after: { delivery_id: id } }),
  ])
  return made(db, webhook, id)
}

/** Sends a webhook a message of the type `webhook.test`, whatever it asked for. Throws `webhook_paused`. */
export async function sendTest(db: Db, actor: Actor, webhook: Webhook): Promise<ListedDelivery> {
  refusePaused(webhook)
  const { now } = actor
  const id = randomId('dlv')
  const event = { id: randomId('evt'), type: 'webhook.test', createdAt: now } as const
  const data = { path: `/api/webhooks/${encodeURIComponent(webhook.ref)}`, webhook_ref: webhook.ref }
  const announcement: Announcement = {
    events: [{ ...event, body: messageBody({ ...event, entityRef: null, data }) }],
    deliveries: [
      { id, webhookRef: webhook.ref, eventId: event.id, state: 'waiting', attempts: 0, createdAt: now },
    ],
    outbox: [sendingOf(id, now)],
  }
  await commit(db, writeDeliveries(db, announcement, now))
  return made(db, webhook, id)
}

async function made(db: Db, { ref }: Webhook, id: string): Promise<ListedDelivery> {
  const delivery = await findDelivery(db, ref, id)
  assert(delivery, `the delivery ${id} was written just before`)
  return delivery
}

function refusePaused({ ref, state }: Webhook): void {
  if (state === 'active') return
  throw conflict('webhook_paused', `The webhook "${ref}" is paused; make it active again first.`)
}
