import type { Context, Hono } from 'hono'
import type Stripe from 'stripe'
import type { Call, StandInEnv } from './call.ts'
import { cardOfNumber } from './cards.ts'
import { authenticationPage, closedPage, payPage } from './checkout-page.ts'
import { sessionOf, withoutItems } from './checkout-sessions.ts'
import { authenticate, confirmIntent } from './confirm.ts'
import { StripeFault } from './fault.ts'
import { makeIntent } from './payment-intent.ts'
import { makePaymentMethod } from './payment-methods.ts'

/** The pages that the buyer sees in place of checkout.stripe.com. */
export function mountCheckoutPages(app: Hono<StandInEnv>): void {
  app.get('/c/pay/:id', (c) => {
    const session = sessionOf(c.var.call, c.req.param('id'))
    return closedNotice(c, session) ?? c.html(payPage(session))
  })
  app.post('/c/pay/:id', async (c) => {
    const session = sessionOf(c.var.call, c.req.param('id'))
    return closedNotice(c, session) ?? pay(c, session, await c.req.parseBody())
  })
  app.get('/c/pay/:id/authenticate', (c) => {
    const session = sessionOf(c.var.call, c.req.param('id'))
    return closedNotice(c, session) ?? c.html(authenticationPage())
  })
  app.post('/c/pay/:id/authenticate', async (c) => {
    const session = sessionOf(c.var.call, c.req.param('id'))
    const { outcome } = await c.req.parseBody()
    return closedNotice(c, session) ?? answerBank(c, session, outcome === 'complete')
  })
}

function closedNotice(c: Context<StandInEnv>, { status }: Stripe.Checkout.Session) {
  if (status === 'complete')
    return c.html(closedPage('Paid', 'This page has been used: the payment is made.'))
  if (status === 'expired')
    return c.html(closedPage('Expired', 'This page has expired; open a new one.'), 410)
  return undefined
}

/** One try at paying. A refused card leaves the page open for another one. */
function pay(c: Context<StandInEnv>, session: Stripe.Checkout.Session, form: Record<string, unknown>) {
  const { call } = c.var
  const card = cardOfNumber(String(form.number ?? '').replace(/\D/g, ''))
  if (!card) return c.html(payPage(session, 'Your card number is invalid.'), 402)
  const method = makePaymentMethod(call, card, String(form.name ?? '').trim() || null)
  const intent = intentOfSession(call, session)
  const named = call.tables.sessions.put({ ...session, payment_intent: intent.id })
  try {
    const tried = confirmIntent(call, intent, {
      paymentMethod: method.id,
      offSession: false,
      failOnAction: false,
      returnUrl: `${call.origin}/c/pay/${session.id}`,
    })
    if (tried.status === 'requires_action') return c.redirect(`/c/pay/${session.id}/authenticate`, 303)
    return complete(c, named, tried)
  } catch (error) {
    if (!(error instanceof StripeFault)) throw error
    return c.html(payPage(named, error.body.message), 402)
  }
}

function answerBank(c: Context<StandInEnv>, session: Stripe.Checkout.Session, confirmed: boolean) {
  const { call } = c.var
  const intent = call.tables.paymentIntents.get(String(session.payment_intent))
  if (intent?.status !== 'requires_action') return c.redirect(`/c/pay/${session.id}`, 303)
  const answered = authenticate(call, intent, confirmed)
  if (answered.status === 'succeeded') return complete(c, session, answered)
  return c.html(payPage(session, answered.last_payment_error?.message ?? 'Your card was declined.'), 402)
}

/** The PaymentIntent comes into being with the first try, and is the same one for every further try. */
function intentOfSession(call: Call, session: Stripe.Checkout.Session): Stripe.PaymentIntent {
  const known = call.tables.paymentIntents.get(String(session.payment_intent))
  if (known) return known
  const planned = call.tables.sessionIntents.get(session.id)
  return makeIntent(call, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    customer: session.customer as string | null,
    description: planned?.description ?? null,
    metadata: planned?.metadata ?? {},
    receiptEmail: planned?.receiptEmail ?? null,
    setupFutureUsage: planned?.setupFutureUsage ?? null,
  })
}

function complete(c: Context<StandInEnv>, session: Stripe.Checkout.Session, intent: Stripe.PaymentIntent) {
  const { call } = c.var
  const charge = call.tables.charges.get(String(intent.latest_charge))
  const completed = call.tables.sessions.put({
    ...session,
    status: 'complete',
    payment_status: 'paid',
    url: null,
    customer_details: buyerOf(call, session, charge?.billing_details.name ?? null),
  })
  call.emit('checkout.session.completed', withoutItems(completed))
  return c.redirect((session.success_url ?? '/').replace('{CHECKOUT_SESSION_ID}', session.id), 303)
}

function buyerOf(
  { tables }: Call,
  session: Stripe.Checkout.Session,
  name: string | null,
): Stripe.Checkout.Session.CustomerDetails {
  const customer = tables.customers.get(String(session.customer))
  return {
    address: null,
    business_name: null,
    email: customer?.email ?? session.customer_email,
    individual_name: null,
    name: name ?? customer?.name ?? null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  }
}
