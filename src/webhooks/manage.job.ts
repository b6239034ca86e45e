import { type Actor, audit } from '../access/access.store.ts'
import { type Env, isSandbox } from '../env.ts'
import { randomId } from '../kernel/id.ts'
import { conflict, invalid, notFound } from '../kernel/problem.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { register } from '../storage/register.store.ts'
import { sendAnew } from './deliveries.store.ts'
import { rotated, secretOf } from './secret.ts'
import type { Webhook, WebhookOrder } from './webhook.ts'
import { urlFault } from './webhook-url.ts'
import { allWebhooks, findWebhook, insertWebhook, removeWebhook, updateWebhook } from './webhooks.store.ts'

/** Each event is written for each of them. */
const WEBHOOKS_MAX = 20
const HOUR_MS = 3_600_000

/**
 * Sets a webhook up. `secret` is told where it was made by this call, and never again.
 *
 * @throws Problem 422 `invalid_webhook_url`; 409 `webhook_exists`, `too_many_webhooks`; 503 `link_secret_not_set`.
 */
export async function createWebhook(
  env: Env,
  db: Db,
  actor: Actor,
  { ref, ...order }: WebhookOrder & { ref: string },
): Promise<{ webhook: Webhook; secret?: string }> {
  refuseUrl(env, order.url)
  const seed = randomId('seed')
  const secret = secretOf(env.LINK_SECRET, seed)
  const others = (await allWebhooks(db)).filter((one) => one.ref !== ref)
  if (others.length >= WEBHOOKS_MAX) {
    throw conflict('too_many_webhooks', `There are ${WEBHOOKS_MAX} webhooks; delete one first.`)
  }
  const row: Webhook = {
    ...{ ref, ...order, state: 'active', pausedBy: null },
    ...{ seeds: [{ seed, until: null }], failingSince: null, restsUntil: null, createdAt: actor.now },
  }
  const { row: webhook, created } = await register({
    what: 'webhook',
    row,
    find: () => findWebhook(db, ref),
    isSame: (existing) => sameOrder(existing, order),
    insert: () =>
      commit(db, [
        ...insertWebhook(db, row),
        ...audit(db, actor, { action: 'webhook.create', subject: ref, after: order }),
      ]),
  })
  return created ? { webhook, secret } : { webhook }
}

/** Changes a webhook; one that is resumed is sent what has gathered. Throws `invalid_webhook_url`. */
export async function editWebhook(
  env: Env,
  db: Db,
  actor: Actor,
  before: Webhook,
  { state = before.state, ...order }: WebhookOrder & { state?: Webhook['state'] | undefined },
): Promise<Webhook> {
  if (order.url !== before.url) refuseUrl(env, order.url)
  const isMoved = state !== before.state
  const pausedBy = state === 'paused' ? ('operator' as const) : null
  const changes = { ...order, ...(isMoved && { state, pausedBy, failingSince: null, restsUntil: null }) }
  const log = { before: { ...orderOf(before), state: before.state }, after: { ...order, state } }
  if (!isMoved && sameOrder(before, order)) return before
  await commit(db, [
    updateWebhook(db, before.ref, changes),
    ...(isMoved && state === 'active' ? sendAnew(db, { waitingFor: before.ref }, actor.now) : []),
    ...audit(db, actor, { action: 'webhook.edit', subject: before.ref, ...log }),
  ])
  return { ...before, ...changes }
}

/** Makes another secret; the former one signs beside it for so many hours. */
export async function rotateSecret(
  env: Env,
  db: Db,
  actor: Actor,
  webhook: Webhook,
  formerValidHours: number,
): Promise<{ webhook: Webhook; secret: string }> {
  const seed = randomId('seed')
  const secret = secretOf(env.LINK_SECRET, seed)
  const until = actor.now + formerValidHours * HOUR_MS
  const seeds = rotated(webhook.seeds, seed, { now: actor.now, until })
  const after = { former_valid_hours: formerValidHours }
  await commit(db, [
    updateWebhook(db, webhook.ref, { seeds }),
    ...audit(db, actor, { action: 'webhook.rotate', subject: webhook.ref, after }),
  ])
  return { webhook: { ...webhook, seeds }, secret }
}

/** Takes a webhook away, with all that waits for it. */
export const deleteWebhook = (db: Db, actor: Actor, webhook: Webhook): Promise<void> =>
  commit(db, [
    ...removeWebhook(db, webhook.ref),
    ...audit(db, actor, { action: 'webhook.delete', subject: webhook.ref, before: orderOf(webhook) }),
  ])

/** Throws `webhook_not_found`. */
export async function knownWebhook(db: Db, ref: string): Promise<Webhook> {
  const webhook = await findWebhook(db, ref)
  if (!webhook) throw notFound('webhook', ref)
  return webhook
}

const orderOf = ({ url, events, description }: WebhookOrder): WebhookOrder => ({ url, events, description })

const sameOrder = (a: WebhookOrder, b: WebhookOrder): boolean =>
  JSON.stringify(orderOf(a)) === JSON.stringify(orderOf(b))

function refuseUrl(env: Env, url: string): void {
  const message = urlFault(url, isSandbox(env))
  if (message) throw invalid('invalid_webhook_url', `The address ${message}.`, [{ path: 'url', message }])
}
