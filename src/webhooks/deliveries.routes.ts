import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { pageOf, refField } from '../http/fields.http.ts'
import { jsonAnswer } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { listDeliveries } from './deliveries.store.ts'
import { knownWebhook } from './manage.job.ts'
import { resend, sendTest } from './send-again.job.ts'
import { deliveriesQuery, deliverySchema, showDelivery } from './webhooks.http.ts'

const tags = ['Webhooks']
const refParam = z.object({ webhook_ref: refField })

/** What was sent to webhooks, and what came of it. */
export const deliveryRoutes = createRouter()

deliveryRoutes.openapi(
  createRoute({
    tags,
    method: 'get',
    path: '/api/webhooks/{webhook_ref}/deliveries',
    summary: 'List what was sent to a webhook in the last 30 days, newest first, with every attempt',
    middleware: [requireScope('read')] as const,
    request: { params: refParam, query: deliveriesQuery },
    responses: { 200: jsonAnswer('A page of deliveries', pageOf(deliverySchema)), ...problemAnswers },
  }),
  async (c) => {
    const { webhook_ref: ref } = c.req.valid('param')
    const { rows, nextCursor } = await listDeliveries(c.var.db, ref, c.req.valid('query'))
    if (rows.length === 0) await knownWebhook(c.var.db, ref)
    return c.json({ data: rows.map(showDelivery), next_cursor: nextCursor }, 200)
  },
)

deliveryRoutes.openapi(
  createRoute({
    tags,
    method: 'post',
    path: '/api/webhooks/{webhook_ref}/deliveries/{delivery_id}/resend',
    summary: 'Send a message again, under the same id',
    middleware: [requireScope('finance')] as const,
    request: { params: refParam.extend({ delivery_id: refField }) },
    responses: {
      200: jsonAnswer('The delivery, which waits for its attempt', deliverySchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { webhook_ref: ref, delivery_id: id } = c.req.valid('param')
    const webhook = await knownWebhook(c.var.db, ref)
    return c.json(showDelivery(await resend(c.var.db, c.var, webhook, id)), 200)
  },
)

deliveryRoutes.openapi(
  createRoute({
    tags,
    method: 'post',
    path: '/api/webhooks/{webhook_ref}/test',
    summary: 'Send a webhook a message of the type webhook.test',
    middleware: [requireScope('finance')] as const,
    request: { params: refParam },
    responses: {
      200: jsonAnswer('The delivery, which waits for its attempt', deliverySchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const webhook = await knownWebhook(c.var.db, c.req.valid('param').webhook_ref)
    return c.json(showDelivery(await sendTest(c.var.db, c.var, webhook)), 200)
  },
)
