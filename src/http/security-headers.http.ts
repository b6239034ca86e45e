import type { Context, MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { AppEnv } from './router.http.ts'

/**
 * Nothing but our own files may run in a page. A form may lead on to Stripe's checkout, which browsers check too when
 * the form's answer redirects there.
 */
export const securityHeaders: MiddlewareHandler<AppEnv> = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'", checkoutOrigin],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  // Other sites learn nothing, not even the origin; with `no-referrer` a browser would send our own forms from "null".
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
})

function checkoutOrigin(c: Context<AppEnv>): string {
  const base = c.env.STRIPE_API_BASE
  return base ? new URL(base).origin : 'https://checkout.stripe.com'
}
