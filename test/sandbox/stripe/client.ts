import Stripe from 'stripe'
import { createStripeStandIn, type StandInOptions } from '../../../sandbox/stripe/stand-in.ts'

export const SECRET = 'whsec_test'
const ORIGIN = 'http://stripe.test'

/** A stand-in of its own with Stripe's own client in front, and what its webhooks carried. */
export function openStandIn(options: Partial<StandInOptions> & { answer?: () => number } = {}) {
  const received: { body: string; signature: string }[] = []
  const { app, deliverDue } = createStripeStandIn({
    webhookUrl: 'http://receiver.test/webhooks/stripe',
    webhookSecret: SECRET,
    fetch: async (_, init) => {
      const headers = new Headers(init?.headers)
      received.push({ body: String(init?.body), signature: headers.get('stripe-signature') ?? '' })
      return new Response('', { status: options.answer?.() ?? 200 })
    },
    ...options,
  })
  const call = (path: string, init?: RequestInit) => Promise.resolve(app.request(`${ORIGIN}${path}`, init))
  const stripe = new Stripe('sk_test_key', {
    host: 'stripe.test',
    port: 80,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient(((input: string | URL, init?: RequestInit) =>
      app.request(String(input), init)) as typeof fetch),
  })
  return {
    stripe,
    received,
    deliverDue,
    /** A call without the client, to see the bare answer. */
    call,
    post: (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
      call(path, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_key', ...headers },
        body: new URLSearchParams(form),
      }),
    control: async (path: string, body: unknown = {}) => {
      const answer = await call(`/_control${path}`, { method: 'POST', body: JSON.stringify(body) })
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
    },
    /** The types of the events that the webhook received, in order. */
    types: () => received.map(({ body }) => (JSON.parse(body) as { type: string }).type),
  }
}

/** The buyer's way through the hosted page of a new session over 5.00 USD. */
export const openSession = (stripe: Stripe, more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: 'http://shop.test/done?session={CHECKOUT_SESSION_ID}',
    line_items: [
      {
        quantity: 1,
        price_data: { currency: 'usd', unit_amount: 500, product_data: { name: 'Invoice 7' } },
      },
    ],
    ...more,
  })
