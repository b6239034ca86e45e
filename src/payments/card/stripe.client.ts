import Stripe from 'stripe'
import type { Env } from '../../env.ts'
import { Problem } from '../../kernel/problem.ts'

export type StripeClient = Stripe
export type StripeEvent = Stripe.Event
export type PaymentIntent = Stripe.PaymentIntent
export type StripeDispute = Stripe.Dispute
export type StripeRefund = Stripe.Refund
export type StripePayout = Stripe.Payout
export type BalanceTransaction = Stripe.BalanceTransaction
/** What a balance transaction of a payment comes from. */
export type TransactionSource = {
  object: 'charge' | 'refund' | 'dispute'
  id: string
  amount: number
  currency: string
}
export type CheckoutSession = Stripe.Checkout.Session

const API_VERSION = '2026-10-28.endive'
const TIMEOUT_MS = 20_000
const RETRIES_MAX = 2
/** How old a signed webhook may be: an attacker who recorded one cannot send it again later. */
const SIGNATURE_TOLERANCE_S = 300

/** Stripe's own client. Only the address changes where STRIPE_API_BASE is set. */
export function stripeClient(env: Env): StripeClient {
  if (!env.STRIPE_SECRET_KEY) throw notSetUp('STRIPE_SECRET_KEY')
  return new Stripe(env.STRIPE_SECRET_KEY, {
    apiVersion: API_VERSION,
    httpClient: Stripe.createFetchHttpClient(),
    telemetry: false,
    timeout: TIMEOUT_MS,
    maxNetworkRetries: RETRIES_MAX,
    ...(env.STRIPE_API_BASE && addressOf(env.STRIPE_API_BASE)),
  })
}

/** The event that a webhook carries, once its signature is proven. `body` is the raw text that was signed. */
export async function openWebhook(env: Env, body: string, signature: string): Promise<StripeEvent> {
  if (!env.STRIPE_WEBHOOK_SECRET) throw notSetUp('STRIPE_WEBHOOK_SECRET')
  try {
    return await Stripe.webhooks.constructEventAsync(
      body,
      signature,
      env.STRIPE_WEBHOOK_SECRET,
      SIGNATURE_TOLERANCE_S,
    )
  } catch (cause) {
    throw new Problem(
      400,
      'invalid_signature',
      'The Stripe-Signature header does not belong to this body, or is older than 5 minutes.',
      { cause },
    )
  }
}

/** True when the card's bank said no; every other error says nothing about the card. */
export const isCardRefusal = (error: unknown): boolean => error instanceof Stripe.errors.StripeCardError

/** Tells a person that Stripe did not answer, rather than that something broke. */
export function asProblem(error: unknown): unknown {
  const unavailable =
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeAPIError ||
    error instanceof Stripe.errors.StripeRateLimitError
  if (!unavailable) return error
  return new Problem(
    503,
    'card_service_unavailable',
    'The card service does not answer; try again in a minute.',
    {
      cause: error,
    },
  )
}

/** Without a port the client would say 443, whatever the protocol. */
function addressOf(base: string) {
  const { protocol, hostname, port } = new URL(base)
  return protocol === 'http:'
    ? { host: hostname, protocol: 'http' as const, port: port || '80' }
    : { host: hostname, protocol: 'https' as const, port: port || '443' }
}

const notSetUp = (setting: string): Problem =>
  new Problem(503, 'card_not_set_up', `Card payments need the secret ${setting}.`)

/** The charge, refund or dispute behind a movement, where it has one that belongs to a payment. */
export function paymentSource({
  source,
}: BalanceTransaction): (TransactionSource & { intent: string }) | null {
  if (!source || typeof source === 'string' || !('payment_intent' in source) || !source.payment_intent) {
    return null
  }
  if (source.object !== 'charge' && source.object !== 'refund' && source.object !== 'dispute') return null
  const { object, id, amount, currency, payment_intent: intent } = source
  return { object, id, amount, currency, intent: typeof intent === 'string' ? intent : intent.id }
}
