import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { allows } from '../access/principal.ts'
import { csrfGuard, requireOperator } from '../access/session.http.ts'
import { refField } from '../http/fields.http.ts'
import { type AppEnv, createRouter } from '../http/router.http.ts'
import { listDeliveries } from '../webhooks/deliveries.store.ts'
import {
  createWebhook,
  deleteWebhook,
  editWebhook,
  knownWebhook,
  rotateSecret,
} from '../webhooks/manage.job.ts'
import { resend, sendTest } from '../webhooks/send-again.job.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import { readWebhook, webhookBody } from '../webhooks/webhooks.http.ts'
import { allWebhooks } from '../webhooks/webhooks.store.ts'
import { parsed } from './close-forms.http.ts'
import { pageOfQuery } from './page-query.ts'
import { WebhookPage } from './webhook.page.tsx'
import { SecretPage, WebhooksPage, webhookPath } from './webhooks.page.tsx'

const DELIVERIES = 25
/** What the button for another secret leaves to whoever changes the receiver. */
const FORMER_VALID_HOURS = 24

/** Webhooks: who is told, and what came of it. */
export const webhookPages = createRouter()

webhookPages.get('/webhooks', async (c) => {
  const { db, principal } = c.var
  const webhooks = await allWebhooks(db)
  const mayManage = allows(principal, 'admin')
  return c.html(<WebhooksPage operator={principal.label} webhooks={webhooks} mayManage={mayManage} />)
})

webhookPages.get('/webhooks/:ref', async (c) => {
  const { db, principal } = c.var
  const webhook = await knownWebhook(db, c.req.param('ref'))
  const page = await listDeliveries(db, webhook.ref, pageOfQuery(c.req.query(), DELIVERIES))
  const may = { send: allows(principal, 'finance'), manage: allows(principal, 'admin') }
  return c.html(<WebhookPage operator={principal.label} webhook={webhook} page={page} may={may} />)
})

webhookPages.post('/webhooks', csrfGuard, requireOperator('admin'), async (c) => {
  const { url, description, events } = await c.req.parseBody({ all: true })
  const body = { url, ...(description && { description }), ...(events && { events: [events].flat() }) }
  const order = readWebhook(parsed(webhookBody, body))
  const { webhook, secret } = await createWebhook(c.env, c.var.db, c.var, order)
  return secret === undefined ? back(c, webhook) : secretPage(c, webhook, secret)
})

webhookPages.post('/webhooks/:ref/rotate', csrfGuard, requireOperator('admin'), async (c) => {
  const before = await knownWebhook(c.var.db, c.req.param('ref'))
  const { webhook, secret } = await rotateSecret(c.env, c.var.db, c.var, before, FORMER_VALID_HOURS)
  return secretPage(c, webhook, secret)
})

for (const [action, state] of [['pause', 'paused'] as const, ['resume', 'active'] as const]) {
  webhookPages.post(`/webhooks/:ref/${action}`, csrfGuard, requireOperator('admin'), async (c) => {
    const webhook = await knownWebhook(c.var.db, c.req.param('ref'))
    return back(c, await editWebhook(c.env, c.var.db, c.var, webhook, { ...webhook, state }))
  })
}

webhookPages.post('/webhooks/:ref/delete', csrfGuard, requireOperator('admin'), async (c) => {
  await deleteWebhook(c.var.db, c.var, await knownWebhook(c.var.db, c.req.param('ref')))
  return c.redirect('/console/webhooks', 303)
})

webhookPages.post('/webhooks/:ref/test', csrfGuard, requireOperator('finance'), async (c) => {
  const webhook = await knownWebhook(c.var.db, c.req.param('ref'))
  await sendTest(c.var.db, c.var, webhook)
  return back(c, webhook)
})

webhookPages.post('/webhooks/:ref/resend', csrfGuard, requireOperator('finance'), async (c) => {
  const webhook = await knownWebhook(c.var.db, c.req.param('ref'))
  const { delivery_id: id } = parsed(z.object({ delivery_id: refField }), await c.req.parseBody())
  await resend(c.var.db, c.var, webhook, id)
  return back(c, webhook)
})

const back = (c: Context<AppEnv>, { ref }: Webhook) => c.redirect(webhookPath(ref), 303)

const secretPage = (c: Context<AppEnv>, webhook: Webhook, secret: string) =>
  c.html(<SecretPage operator={c.var.principal.label} webhook={webhook} secret={secret} />)
