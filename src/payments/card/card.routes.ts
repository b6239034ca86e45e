import { createRoute, z } from '@hono/zod-openapi'
import { enqueue } from '../../delivery/outbox.store.ts'
import { jsonAnswer } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { derivedId } from '../../kernel/id.ts'
import { commit, isUniqueViolation } from '../../storage/db.store.ts'
import { keepStripeEvent } from './card.store.ts'
import { openWebhook } from './stripe.client.ts'
import { HANDLED_EVENTS } from './stripe-event.ts'

export const cardRoutes = createRouter()

const stripeWebhook = createRoute({
  method: 'post',
  path: '/webhooks/stripe',
  tags: ['Payments'],
  summary: 'Take an event of Stripe: proven by its signature, kept once, acted on afterwards',
  request: { headers: z.object({ 'stripe-signature': z.string().default('') }) },
  responses: {
    200: jsonAnswer('The event is kept, or was kept before', z.object({ received: z.literal(true) })),
    ...problemAnswers,
  },
})

/** Answers as soon as the event is safe: Stripe sends again what is not answered for. */
cardRoutes.openapi(stripeWebhook, async (c) => {
  const { db, now } = c.var
  const event = await openWebhook(c.env, await c.req.text(), c.req.valid('header')['stripe-signature'])
  if (!HANDLED_EVENTS.has(event.type)) return c.json({ received: true as const }, 200)
  const { id: objectId } = event.data.object as { id: string }
  const work = {
    id: derivedId('obx', 'stripe_event', event.id),
    topic: 'stripe_event' as const,
    payload: { eventId: event.id },
    dueAt: now,
  }
  try {
    await commit(db, [
      ...keepStripeEvent(db, { id: event.id, type: event.type, objectId, receivedAt: now }),
      ...enqueue(db, [work], now),
    ])
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
  return c.json({ received: true as const }, 200)
})
