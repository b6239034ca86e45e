import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { pageOf, pageQuery, refField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { createWebhook, deleteWebhook, editWebhook, knownWebhook, rotateSecret } from './manage.job.ts'
import {
  readWebhook,
  readWebhookEdit,
  rotationBody,
  showWebhook,
  webhookBody,
  webhookEdit,
  webhookSchema,
  webhookWithSecretSchema,
} from './webhooks.http.ts'
import { listWebhooks } from './webhooks.store.ts'

const reading = { tags: ['Webhooks'], middleware: [requireScope('read')] }
/** Whoever sets up a webhook hears everything. Answers hold secrets, so none is kept for an Idempotency-Key. */
const managing = { tags: ['Webhooks'], middleware: [requireScope('admin')] }
const refParam = z.object({ webhook_ref: refField })

/** Addresses of others' software that hear what happens. */
export const webhookRoutes = createRouter()

webhookRoutes.openapi(
  createRoute({
    ...managing,
    method: 'post',
    path: '/api/webhooks',
    summary: 'Have your software told what happens; the secret is shown this once',
    description: 'Messages are signed as Standard Webhooks says. docs/webhooks.md tells how to verify them.',
    request: { body: jsonBody(webhookBody) },
    responses: {
      200: jsonAnswer('It was there with this content', webhookSchema),
      201: jsonAnswer('Set up', webhookWithSecretSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const order = readWebhook(c.req.valid('json'))
    const { webhook, secret } = await createWebhook(c.env, c.var.db, c.var, order)
    const shown = showWebhook(webhook, c.var.now)
    return secret === undefined ? c.json(shown, 200) : c.json({ ...shown, secret }, 201)
  },
)

webhookRoutes.openapi(
  createRoute({
    ...reading,
    method: 'get',
    path: '/api/webhooks',
    summary: 'List webhooks, newest first',
    request: { query: pageQuery },
    responses: { 200: jsonAnswer('A page of webhooks', pageOf(webhookSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { rows, nextCursor } = await listWebhooks(c.var.db, c.req.valid('query'))
    return c.json({ data: rows.map((row) => showWebhook(row, c.var.now)), next_cursor: nextCursor }, 200)
  },
)

webhookRoutes.openapi(
  createRoute({
    ...reading,
    method: 'get',
    path: '/api/webhooks/{webhook_ref}',
    summary: 'Show a webhook',
    request: { params: refParam },
    responses: { 200: jsonAnswer('The webhook', webhookSchema), ...problemAnswers },
  }),
  async (c) => {
    const webhook = await knownWebhook(c.var.db, c.req.valid('param').webhook_ref)
    return c.json(showWebhook(webhook, c.var.now), 200)
  },
)

webhookRoutes.openapi(
  createRoute({
    ...managing,
    method: 'post',
    path: '/api/webhooks/edit/{webhook_ref}',
    summary: 'Change a webhook, pause it or make it active again',
    request: { params: refParam, body: jsonBody(webhookEdit) },
    responses: { 200: jsonAnswer('The webhook as it is now', webhookSchema), ...problemAnswers },
  }),
  async (c) => {
    const before = await knownWebhook(c.var.db, c.req.valid('param').webhook_ref)
    const edit = c.req.valid('json')
    const asked = { ...readWebhookEdit(before, edit), state: edit.state }
    return c.json(showWebhook(await editWebhook(c.env, c.var.db, c.var, before, asked), c.var.now), 200)
  },
)

webhookRoutes.openapi(
  createRoute({
    ...managing,
    method: 'delete',
    path: '/api/webhooks/{webhook_ref}',
    summary: 'Take a webhook away, with all that waits for it',
    request: { params: refParam },
    responses: { 200: jsonAnswer('The webhook that was taken away', webhookSchema), ...problemAnswers },
  }),
  async (c) => {
    const webhook = await knownWebhook(c.var.db, c.req.valid('param').webhook_ref)
    await deleteWebhook(c.var.db, c.var, webhook)
    return c.json(showWebhook(webhook, c.var.now), 200)
  },
)

webhookRoutes.openapi(
  createRoute({
    ...managing,
    method: 'post',
    path: '/api/webhooks/{webhook_ref}/rotate',
    summary: 'Make another secret; for a while the former one signs beside it',
    request: { params: refParam, body: jsonBody(rotationBody) },
    responses: { 200: jsonAnswer('The webhook with its secret', webhookWithSecretSchema), ...problemAnswers },
  }),
  async (c) => {
    const before = await knownWebhook(c.var.db, c.req.valid('param').webhook_ref)
    const { former_valid_hours: hours } = c.req.valid('json')
    const { webhook, secret } = await rotateSecret(c.env, c.var.db, c.var, before, hours)
    return c.json({ ...showWebhook(webhook, c.var.now), secret }, 200)
  },
)
