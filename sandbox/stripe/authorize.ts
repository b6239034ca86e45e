import { createMiddleware } from 'hono/factory'
import { API_VERSION, type StandInEnv } from './call.ts'
import { invalidRequest, StripeFault } from './fault.ts'

/** Lets in a secret test key. Any will do: the stand-in has one account. A live key is refused, lest one be used. */
export const requireKey = createMiddleware<StandInEnv>(async (c, next) => {
  const key = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (!key) throw unauthorized(NO_KEY)
  if (!/^(sk|rk)_test_\w+$/.test(key)) throw unauthorized(`Invalid API Key provided: ${masked(key)}`)
  const version = c.req.header('stripe-version') ?? API_VERSION
  if (version !== API_VERSION) throw invalidRequest(`Invalid Stripe API version: ${version}`)
  c.header('stripe-version', version)
  await next()
})

const NO_KEY =
  'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth ' +
  "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we " +
  'can help at https://support.stripe.com/.'

const masked = (key: string): string =>
  `${key.slice(0, 8)}${'*'.repeat(Math.max(0, key.length - 12))}${key.slice(-4)}`

const unauthorized = (message: string): StripeFault =>
  new StripeFault(401, { type: 'invalid_request_error', message })
