import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { requireKey } from './authorize.ts'
import { mountBalance } from './balance.ts'
import type { Call, StandInEnv } from './call.ts'
import { mountCharges } from './charges.ts'
import { mountCheckoutPages } from './checkout-pay.ts'
import { mountCheckoutSessions } from './checkout-sessions.ts'
import { controlRoutes } from './control.ts'
import { mountCustomers } from './customers.ts'
import { mountDisputes } from './disputes.ts'
import { makeEvent, mountEvents } from './events.ts'
import { StripeFault, writeFault } from './fault.ts'
import { type Fault, injectFaults } from './faults.ts'
import { idempotent } from './idempotency.ts'
import { stripeId } from './ids.ts'
import { mountPaymentIntents } from './payment-intents.ts'
import { mountPaymentMethods } from './payment-methods.ts'
import { mountPayouts } from './payouts.ts'
import { mountRefunds } from './refunds.ts'
import { inMemory, openTables, type Storage, type Tables } from './tables.ts'
import { openWebhooks, type Webhooks } from './webhooks.ts'

export type StandInOptions = {
  webhookUrl: string
  webhookSecret: string
  /** Epoch milliseconds of `created`, `expires_at` and the like; real time by default. */
  clock?: (() => number | Promise<number>) | undefined
  /** Memory by default. */
  storage?: Storage | undefined
  /** How webhooks leave; the global `fetch` by default. */
  fetch?: typeof fetch | undefined
}

/** The stand-in itself, without a port: `deliverDue` sends the webhooks that are due. */
export type StandIn = { app: Hono<StandInEnv>; deliverDue: Webhooks['deliverDue'] }

/**
 * What Accrue needs of Stripe's API, behaving as Stripe documents it, with test cards and real signatures, and with
 * `/_control` to make go wrong what goes wrong on the network.
 */
export function createStripeStandIn(options: StandInOptions): StandIn {
  const tables = openTables(options.storage ?? inMemory())
  const webhooks = openWebhooks(tables, {
    url: options.webhookUrl,
    secret: options.webhookSecret,
    fetch: options.fetch ?? ((...request) => fetch(...request)),
  })
  const faults: Fault[] = []
  const app = new Hono<StandInEnv>()
  app.use(beginCall(tables, webhooks, options.clock ?? Date.now))
  app.use('/v1/*', requireKey, injectFaults(faults), idempotent(tables))
  mountCustomers(app)
  mountPaymentMethods(app)
  mountPaymentIntents(app)
  mountCharges(app)
  mountRefunds(app)
  mountDisputes(app)
  mountBalance(app)
  mountPayouts(app)
  mountCheckoutSessions(app)
  mountEvents(app)
  mountCheckoutPages(app)
  app.route('/_control', controlRoutes(tables, webhooks, faults))
  app.notFound((c) => c.json(writeFault(noSuchUrl(c.req.method, c.req.path), c.var.call.requestId), 404))
  app.onError((error, c) => {
    if (error instanceof StripeFault) return c.json(writeFault(error, c.var.call.requestId), error.status)
    throw error
  })
  return { app, deliverDue: webhooks.deliverDue }
}

const beginCall = (tables: Tables, webhooks: Webhooks, clock: () => number | Promise<number>) =>
  createMiddleware<StandInEnv>(async (c, next) => {
    const facts: Omit<Call, 'emit'> = {
      tables,
      now: Math.floor((await clock()) / 1000),
      requestId: stripeId('req', 14),
      idempotencyKey: c.req.header('idempotency-key') ?? null,
      origin: new URL(c.req.url).origin,
    }
    c.set('call', { ...facts, emit: (type, object) => webhooks.send(makeEvent(facts, type, object).id) })
    c.set('executed', false)
    c.header('request-id', facts.requestId)
    await next()
  })

const noSuchUrl = (method: string, path: string): StripeFault =>
  new StripeFault(404, {
    type: 'invalid_request_error',
    message:
      `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at ` +
      'https://support.stripe.com/.',
  })
