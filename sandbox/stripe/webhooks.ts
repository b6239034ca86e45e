import Stripe from 'stripe'
import { eventOf } from './events.ts'
import { stripeId } from './ids.ts'
import type { Delivery, Tables } from './tables.ts'

export type WebhookTarget = { url: string; secret: string; fetch: typeof fetch }

/** How events are sent on; changed through `/_control/webhooks`. */
type WebhookPolicy = {
  /** `hold`: events wait until they are released. */
  mode: 'deliver' | 'hold'
  /** How many times each event is sent: Stripe promises at least once, not once. */
  copies: number
  delayMs: number
}

export type Webhooks = {
  policy: WebhookPolicy
  /** Queues an event under the present policy. */
  send(eventId: string): void
  /** Lets go what is held back, in this order. */
  release(order: 'forward' | 'reverse'): void
  /** Sends what is due, one after another; answers how each went. */
  deliverDue(): Promise<{ eventId: string; status: number }[]>
}

const TIMEOUT_MS = 10_000
const ATTEMPTS_MAX = 12
/** Stripe goes on for three days; here the first tries come quickly, so that nobody has to wait for them. */
const backoffMs = (attempts: number): number => Math.min(500 * 2 ** attempts, 300_000)

export function openWebhooks(tables: Tables, target: WebhookTarget): Webhooks {
  const policy: WebhookPolicy = { mode: 'deliver', copies: 1, delayMs: 0 }
  const queue = (eventId: string, dueAt: number | null) =>
    tables.deliveries.put({ id: stripeId('wh'), eventId, attempts: 0, dueAt })
  let underWay: Promise<{ eventId: string; status: number }[]> | undefined
  return {
    policy,
    send(eventId) {
      const dueAt = policy.mode === 'hold' ? null : Date.now() + policy.delayMs
      for (let copy = 0; copy < policy.copies; copy++) queue(eventId, dueAt)
    },
    release(order) {
      const held = tables.deliveries.all().filter(({ dueAt }) => dueAt === null)
      const inOrder = order === 'reverse' ? held : held.reverse()
      const now = Date.now()
      for (const [place, delivery] of inOrder.entries()) {
        tables.deliveries.put({ ...delivery, dueAt: now - inOrder.length + place })
      }
    },
    deliverDue() {
      underWay ??= deliverAll(tables, target).finally(() => {
        underWay = undefined
      })
      return underWay
    },
  }
}

async function deliverAll(tables: Tables, target: WebhookTarget) {
  const now = Date.now()
  const due = tables.deliveries
    .all()
    .reverse()
    .filter(({ dueAt }) => dueAt !== null && dueAt <= now)
    .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
  const sent = []
  for (const delivery of due)
    sent.push({ eventId: delivery.eventId, status: await attempt(tables, target, delivery) })
  return sent
}

/** One try; anything but a 2xx is tried again later. 0 stands for no answer at all. */
async function attempt(tables: Tables, target: WebhookTarget, delivery: Delivery): Promise<number> {
  const status = await post(target, JSON.stringify(eventOf(tables, delivery.eventId), null, 2)).catch(() => 0)
  const attempts = delivery.attempts + 1
  const over = (status >= 200 && status < 300) || attempts >= ATTEMPTS_MAX
  if (over) tables.deliveries.remove(delivery.id)
  else tables.deliveries.put({ ...delivery, attempts, dueAt: Date.now() + backoffMs(attempts) })
  return status
}

async function post(target: WebhookTarget, payload: string): Promise<number> {
  const signature = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret: target.secret })
  const answer = await target.fetch(target.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': signature,
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    },
    body: payload,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  await answer.arrayBuffer()
  return answer.status
}
