import { exports } from 'cloudflare:workers'
import { DROPPED } from '../../sandbox/stripe/faults.ts'
import { createStripeStandIn } from '../../sandbox/stripe/stand-in.ts'
import { stripeClient } from '../../src/payments/card/stripe.client.ts'
import { env } from './worker.ts'

const HOST = 'stripe.test'
const worker = (exports as unknown as { default: Fetcher }).default

/**
 * Puts the Stripe stand-in behind http://stripe.test for one test file, its webhooks leading to the Worker. It lives in
 * real time, unless it is given another clock.
 */
export function connectStripe(clock?: () => Promise<number>) {
  const { app } = createStripeStandIn({
    clock,
    webhookUrl: 'http://accrue.test/webhooks/stripe',
    webhookSecret: env.STRIPE_WEBHOOK_SECRET ?? '',
    fetch: (url, init) => worker.fetch(String(url), init as RequestInit) as unknown as Promise<Response>,
  })
  const outside = globalThis.fetch
  globalThis.fetch = (async (input: string | Request, init?: RequestInit) => {
    const request = new Request(input, init)
    if (new URL(request.url).hostname !== HOST) return outside(request)
    const answer = await app.fetch(request)
    if (answer.headers.has(DROPPED)) throw new TypeError('Network connection lost.')
    return answer
  }) as typeof fetch

  return {
    /** Stripe's own client, to look at the stand-in from outside. */
    stripe: stripeClient(env),
    /** Fills in a hosted page, as a buyer does. */
    submit: (url: string, form: Record<string, string>) =>
      app.request(url, { method: 'POST', body: new URLSearchParams(form) }),
    control: async (path: string, body: unknown = {}) => {
      const answer = await app.request(`/_control${path}`, { method: 'POST', body: JSON.stringify(body) })
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as { delivered: { eventId: string; status: number }[] }
    },
  }
}
