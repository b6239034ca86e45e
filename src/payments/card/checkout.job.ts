import type { Env } from '../../env.ts'
import type { Invoice } from '../../invoicing/invoice.ts'
import type { Minor } from '../../kernel/money.ts'
import { assert } from '../../kernel/problem.ts'
import { commit, type Db } from '../../storage/db.store.ts'
import { type CheckoutRow, keepSession, markSession, sessionsOfInvoice } from './card.store.ts'
import { settleSession } from './settle.job.ts'
import { asProblem, type CheckoutSession, type StripeClient, stripeClient } from './stripe.client.ts'
import { toStripeAmount } from './stripe-amount.ts'
import { ensureStripeCustomer } from './stripe-customer.job.ts'

export type CheckoutUrls = { success: string; cancel: string }
type PaidInvoice = Pick<Invoice, 'id' | 'number' | 'customerRef' | 'currency'>

/**
 * The address of Stripe's page on which `amountDue` of an invoice can be paid by card. One page at a time is open for
 * an invoice, so that two clicks, or two people, cannot pay it twice.
 *
 * When an earlier page has been paid meanwhile, the answer is the address that a buyer is sent to after paying.
 *
 * @throws Problem 503 when Stripe does not answer; 422 when the amount cannot be charged to a card.
 */
export async function openCheckout(
  env: Env,
  db: Db,
  invoice: PaidInvoice,
  amountDue: Minor,
  urls: CheckoutUrls,
  now: number,
): Promise<{ url: string }> {
  const stripe = stripeClient(env)
  try {
    const earlier = await sessionsOfInvoice(db, invoice.id)
    for (const row of earlier.filter(({ state }) => state === 'open')) {
      const session = await stripe.checkout.sessions.retrieve(row.id)
      if (session.status === 'complete') {
        // The webhook may not have come yet: the payment is booked now, and nobody pays a second time.
        await settleSession({ env, db, now }, session)
        return { url: urls.success }
      }
      if (session.status === 'open' && row.amount === amountDue) return { url: row.url }
      await retire(db, stripe, session)
    }
    return await openSession(db, stripe, invoice, amountDue, urls, earlier.length, now)
  } catch (error) {
    throw asProblem(error)
  }
}

async function retire(db: Db, stripe: StripeClient, session: CheckoutSession): Promise<void> {
  if (session.status === 'open') await stripe.checkout.sessions.expire(session.id)
  await commit(db, [markSession(db, session.id, 'expired')])
}

async function openSession(
  db: Db,
  stripe: StripeClient,
  invoice: PaidInvoice,
  amountDue: Minor,
  urls: CheckoutUrls,
  earlierCount: number,
  now: number,
): Promise<{ url: string }> {
  const customer = await ensureStripeCustomer(db, stripe, invoice.customerRef)
  // Stripe closes a session after 24 hours by itself. The number of earlier sessions makes the key new each time, and
  // the same for two clicks at once.
  const session = await stripe.checkout.sessions.create(sessionParams(invoice, amountDue, customer, urls), {
    idempotencyKey: `checkout:${invoice.id}:${amountDue}:${earlierCount}`,
  })
  assert(session.url, 'a hosted Checkout session has an address')
  await commit(db, keepSession(db, sessionRow(session, session.url, invoice.id, amountDue, now)))
  return { url: session.url }
}

/** Both objects name the invoice, so that whichever Stripe tells of first is known to belong to it. */
function sessionParams(invoice: PaidInvoice, amountDue: Minor, customer: string, urls: CheckoutUrls) {
  const metadata = { invoice_id: invoice.id }
  const description = `Invoice ${invoice.number}`
  return {
    mode: 'payment' as const,
    allowed_payment_method_types: ['card' as const],
    customer,
    client_reference_id: invoice.id,
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: invoice.currency.toLowerCase(),
          unit_amount: toStripeAmount(amountDue, invoice.currency),
          product_data: { name: description },
        },
      },
    ],
    metadata,
    payment_intent_data: { metadata, setup_future_usage: 'off_session' as const, description },
    success_url: urls.success,
    cancel_url: urls.cancel,
  }
}

const sessionRow = (
  session: CheckoutSession,
  url: string,
  invoiceId: string,
  amount: Minor,
  createdAt: number,
): CheckoutRow => ({
  id: session.id,
  invoiceId,
  url,
  amount,
  state: 'open',
  expiresAt: session.expires_at * 1000,
  createdAt,
})
