import { Hono } from 'hono'
import { z } from 'zod'
import type { StandInEnv } from './call.ts'
import { closeDispute, openDispute } from './disputes.ts'
import { eventOf } from './events.ts'
import { StripeFault } from './fault.ts'
import type { Fault } from './faults.ts'
import { endPayout, payOut } from './payouts.ts'
import { failRefund } from './refunds.ts'
import type { Tables } from './tables.ts'
import type { Webhooks } from './webhooks.ts'

const policySchema = z.strictObject({
  mode: z.enum(['deliver', 'hold']).optional(),
  copies: z.int().min(1).max(10).optional(),
  delay_ms: z.int().min(0).max(3_600_000).optional(),
})
const releaseSchema = z.strictObject({ order: z.enum(['forward', 'reverse']).default('forward') })
const faultSchema = z.strictObject({
  mode: z.enum(['429', '500', 'drop_after_commit']),
  count: z.int().min(1).max(1000).default(1),
  path: z.string().startsWith('/v1/').optional(),
})
const disputeSchema = z.strictObject({
  payment_intent: z.string(),
  status: z.enum(['needs_response', 'warning_needs_response']).default('needs_response'),
})
const payoutSchema = z.strictObject({ currency: z.string().toLowerCase() })
const arrivalSchema = z.strictObject({ status: z.enum(['paid', 'failed']) })
const verdictSchema = z.strictObject({ status: z.enum(['won', 'lost']) })

/** `/_control`: what Stripe does not offer and a test needs. Bodies are JSON. */
export function controlRoutes(tables: Tables, webhooks: Webhooks, faults: Fault[]): Hono<StandInEnv> {
  const control = new Hono<StandInEnv>()
  control.get('/', (c) =>
    c.json({
      webhooks: webhooks.policy,
      pending: tables.deliveries.all(),
      faults: faults.filter(({ remaining }) => remaining > 0),
    }),
  )
  control.post('/webhooks', async (c) => {
    const { delay_ms: delayMs, mode, copies } = policySchema.parse(await c.req.json())
    const { policy } = webhooks
    Object.assign(policy, {
      mode: mode ?? policy.mode,
      copies: copies ?? policy.copies,
      delayMs: delayMs ?? policy.delayMs,
    })
    return c.json(policy)
  })
  control.post('/webhooks/release', async (c) => {
    webhooks.release(releaseSchema.parse(await c.req.json()).order)
    return c.json({ delivered: await webhooks.deliverDue() })
  })
  control.post('/webhooks/deliver', async (c) => c.json({ delivered: await webhooks.deliverDue() }))
  control.post('/events/:id/replay', async (c) => {
    webhooks.send(eventOf(tables, c.req.param('id')).id)
    return c.json({ delivered: await webhooks.deliverDue() })
  })
  control.post('/faults', async (c) => {
    const { mode, count, path } = faultSchema.parse(await c.req.json())
    faults.push({ mode, remaining: count, path })
    return c.json({ faults: faults.filter(({ remaining }) => remaining > 0) })
  })
  control.post('/disputes', async (c) =>
    c.json(openDispute(c.var.call, disputeSchema.parse(await c.req.json()))),
  )
  control.post('/disputes/:id/close', async (c) => {
    const { status } = verdictSchema.parse(await c.req.json())
    return c.json(closeDispute(c.var.call, c.req.param('id'), status))
  })
  control.post('/payouts', async (c) =>
    c.json(payOut(c.var.call, payoutSchema.parse(await c.req.json()).currency)),
  )
  control.post('/payouts/:id/end', async (c) => {
    const { status } = arrivalSchema.parse(await c.req.json())
    return c.json(endPayout(c.var.call, c.req.param('id'), status))
  })
  control.post('/refunds/:id/fail', (c) => c.json(failRefund(c.var.call, c.req.param('id'))))
  control.post('/reset', (c) => {
    tables.clear()
    faults.length = 0
    Object.assign(webhooks.policy, { mode: 'deliver', copies: 1, delayMs: 0 })
    return c.json({ reset: true })
  })
  control.onError((error, c) => {
    if (error instanceof StripeFault) return c.json({ error: error.body }, error.status)
    return c.json({ error: { message: error.message } }, 400)
  })
  return control
}
