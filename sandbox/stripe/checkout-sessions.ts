import type { Hono } from 'hono'
import type Stripe from 'stripe'
import { z } from 'zod'
import { type Call, endpoint, type StandInEnv } from './call.ts'
import { createParams, type SessionParams } from './checkout-params.ts'
import { sessionWith } from './checkout-session.ts'
import { customerOf, mergedMetadata } from './customers.ts'
import { invalidRequest, noSuch } from './fault.ts'
import { listFields, listPage } from './list.ts'
import { requireChargeable } from './money.ts'
import { params, text } from './params.ts'
import { cancelIntent } from './payment-intent.ts'

const MINUTE = 60
const DAY = 24 * 60 * MINUTE

const listParams = params({
  ...listFields,
  customer: text.optional(),
  payment_intent: text.optional(),
  status: z.enum(['open', 'complete', 'expired']).optional(),
})

export function mountCheckoutSessions(app: Hono<StandInEnv>): void {
  app.post('/v1/checkout/sessions', endpoint(createParams, createSession))
  app.get('/v1/checkout/sessions', endpoint(listParams, listSessions))
  app.get(
    '/v1/checkout/sessions/:id',
    endpoint(params({}), (call, _, id) => withoutItems(sessionOf(call, id))),
  )
  app.post('/v1/checkout/sessions/:id/expire', endpoint(params({}), expireSession))
  app.get('/v1/checkout/sessions/:id/line_items', endpoint(params(listFields), listLineItems))
}

/** The session with its line items, expired if its time is over. */
export function sessionOf(call: Call, id: string): Stripe.Checkout.Session {
  const session = call.tables.sessions.get(id)
  if (!session) throw noSuch('checkout.session', id, 'session', 404)
  return session.status === 'open' && session.expires_at <= call.now ? expire(call, session) : session
}

/** The session as the API tells it: line items have a call of their own. */
export const withoutItems = ({
  line_items: _,
  ...session
}: Stripe.Checkout.Session): Stripe.Checkout.Session => session

function createSession(call: Call, given: SessionParams): Stripe.Checkout.Session {
  requireOneCurrency(given)
  requireExpiry(call.now, given.expires_at)
  if (given.customer && given.customer_email) {
    throw invalidRequest('You may only specify one of these parameters: customer, customer_email.')
  }
  const customer = given.customer ? customerOf(call.tables, given.customer, 'customer') : undefined
  for (const [place, { price_data: price, quantity = 1 }] of given.line_items.entries()) {
    const param = `line_items[${place}][price_data][unit_amount]`
    requireChargeable(price.unit_amount * quantity, price.currency, param)
  }
  const expiresAt = given.expires_at ?? call.now + DAY
  const session = call.tables.sessions.put(sessionWith(call, given, customer, expiresAt))
  call.tables.sessionIntents.put({ id: session.id, ...intentOf(given) })
  return withoutItems(session)
}

const intentOf = ({ payment_intent_data: data }: SessionParams) => ({
  description: data?.description ?? null,
  metadata: mergedMetadata(null, data?.metadata),
  receiptEmail: data?.receipt_email ?? null,
  setupFutureUsage: data?.setup_future_usage ?? null,
})

function requireOneCurrency({ line_items: items }: SessionParams): void {
  const [first] = items
  if (items.every(({ price_data: price }) => price.currency === first?.price_data.currency)) return
  throw invalidRequest('All prices on a Checkout Session must have the same currency.', {
    param: 'line_items',
  })
}

function requireExpiry(now: number, expiresAt: number | undefined): void {
  if (expiresAt === undefined) return
  const wrong =
    expiresAt < now + 30 * MINUTE
      ? 'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.'
      : expiresAt > now + DAY
        ? 'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.'
        : undefined
  if (wrong) throw invalidRequest(wrong, { param: 'expires_at' })
}

function expireSession(call: Call, _: object, id: string): Stripe.Checkout.Session {
  const session = sessionOf(call, id)
  if (session.status === 'open') return withoutItems(expire(call, session))
  throw invalidRequest(
    `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ` +
      `\`${session.status}\`.`,
    { param: 'session' },
  )
}

function expire(call: Call, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
  const intent = session.payment_intent && call.tables.paymentIntents.get(session.payment_intent as string)
  if (intent && intent.status !== 'canceled') cancelIntent(call, intent, 'abandoned')
  const expired = call.tables.sessions.put({ ...session, status: 'expired', url: null })
  call.emit('checkout.session.expired', withoutItems(expired))
  return expired
}

const listSessions = (call: Call, given: z.output<typeof listParams>) =>
  listPage(
    call.tables.sessions
      .all()
      .map(({ id }) => withoutItems(sessionOf(call, id)))
      .filter(({ customer }) => given.customer === undefined || customer === given.customer)
      .filter(({ status }) => given.status === undefined || status === given.status)
      .filter(
        ({ payment_intent: intent }) => given.payment_intent === undefined || intent === given.payment_intent,
      ),
    '/v1/checkout/sessions',
    'checkout.session',
    given,
  )

const listLineItems = (call: Call, _: object, id: string) => ({
  object: 'list' as const,
  data: sessionOf(call, id).line_items?.data ?? [],
  has_more: false,
  url: `/v1/checkout/sessions/${id}/line_items`,
})
