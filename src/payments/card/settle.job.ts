import { findEntity } from '../../customers/customers.store.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { enqueue } from '../../delivery/outbox.store.ts'
import type { Invoice } from '../../invoicing/invoice.ts'
import { findInvoice } from '../../invoicing/invoicing.store.ts'
import { localDate } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import { assert } from '../../kernel/problem.ts'
import { commit } from '../../storage/db.store.ts'
import type { Payment } from '../payment.ts'
import { type ReceivedPayment, receivePayment } from '../receive.job.ts'
import { readAttempt } from './attempt.ts'
import {
  attemptOfIntent,
  type CardAttempt,
  closeAttempt,
  isBooked,
  markSession,
  rememberCard,
} from './card.store.ts'
import { writeTransactions } from './payouts.store.ts'
import type { ProcessorTransaction } from './processor-transaction.ts'
import { type CheckoutSession, type PaymentIntent, stripeClient } from './stripe.client.ts'
import { fromStripeAmount } from './stripe-amount.ts'
import { transactionOf } from './stripe-balance.ts'

/**
 * Brings our books to what a PaymentIntent is at Stripe now. Every path ends here: webhooks, charges, a customer who
 * comes back from Checkout. What it writes, it writes in one batch, so it may be asked any number of times.
 */
export async function settleIntent(context: EffectContext, intentId: string): Promise<void> {
  const { env, db } = context
  if (await isBooked(db, intentId)) return
  const intent = await stripeClient(env).paymentIntents.retrieve(intentId, {
    expand: ['latest_charge.balance_transaction'],
  })
  const invoiceId = intent.metadata.invoice_id
  // Another program may use the same Stripe account; its payments are none of ours.
  if (!invoiceId) return
  const attempt = await attemptOfIntent(db, intentId)
  if (intent.status === 'succeeded') await bookIntent(context, invoiceId, intent, attempt)
  else if (attempt) await concludeAttempt(context, attempt, intent)
}

/** The same for a Checkout session: its PaymentIntent is what holds the money. */
export async function settleSession(context: EffectContext, session: CheckoutSession): Promise<void> {
  const { db } = context
  if (session.payment_intent) await settleIntent(context, idOf(session.payment_intent))
  if (session.status === 'complete') await commit(db, [markSession(db, session.id, 'complete')])
  if (session.status === 'expired') await commit(db, [markSession(db, session.id, 'expired')])
}

/** One payment for each PaymentIntent; its fee, the attempt and the card to remember are part of the same batch. */
async function bookIntent(
  { db, now }: EffectContext,
  invoiceId: string,
  intent: PaymentIntent,
  attempt: CardAttempt | undefined,
): Promise<void> {
  const found = await findInvoice(db, invoiceId)
  assert(found, `PaymentIntent ${intent.id} names the invoice ${invoiceId}, which is not here`)
  const { invoice } = found
  const entity = await findEntity(db, invoice.entityRef)
  assert(entity, `the invoice ${invoice.id} names the entity ${invoice.entityRef}, which is not here`)
  const card = savedCard(intent)
  await receivePayment(db, paymentOf(intent, invoice, entity.timezone), now, {
    actor: 'stripe',
    alongside: (payment, closed) => [
      ...writeTransactions(db, movementsOf(intent, payment, { timezone: entity.timezone, now }), closed),
      ...(attempt ? [closeAttempt(db, attempt, readAttempt(intent))] : []),
      ...(card ? [rememberCard(db, invoice.customerRef, card)] : []),
    ],
  })
}

/** Writes that an attempt failed, and asks for a mail when the customer has to do something. */
async function concludeAttempt(
  { db, now }: EffectContext,
  attempt: CardAttempt,
  intent: PaymentIntent,
): Promise<void> {
  const result = readAttempt(intent)
  if (result.outcome === 'pending' || attempt.outcome !== 'pending') return
  const { invoiceId, attemptNo } = attempt
  const mail = {
    id: derivedId('obx', 'payment_failed_mail', invoiceId, attemptNo),
    topic: 'payment_failed_mail' as const,
    payload: { invoiceId, attemptNo },
    dueAt: now,
  }
  const refused = result.outcome === 'declined' || result.outcome === 'needs_customer'
  await commit(db, [closeAttempt(db, attempt, result), ...enqueue(db, refused ? [mail] : [], now)])
}

function paymentOf(intent: PaymentIntent, invoice: Invoice, timezone: string): ReceivedPayment {
  const { paidAt, payer } = chargeFacts(intent)
  const currency = intent.currency.toUpperCase()
  return {
    rail: 'card',
    externalKey: intent.id,
    entityRef: invoice.entityRef,
    customerRef: invoice.customerRef,
    currency,
    amount: fromStripeAmount(intent.amount_received, currency),
    receivedOn: localDate(paidAt, timezone),
    payer,
    reference: invoice.number,
    invoiceId: invoice.id,
  }
}

/** The card of an intent that the customer allowed to be charged later. */
function savedCard({ setup_future_usage, customer, payment_method }: PaymentIntent) {
  if (setup_future_usage !== 'off_session' || !customer || !payment_method) return undefined
  return { stripeCustomerId: idOf(customer), stripePaymentMethodId: idOf(payment_method) }
}

function chargeFacts({ latest_charge: charge, created }: PaymentIntent) {
  if (!charge || typeof charge === 'string') return { paidAt: created * 1000, payer: {} }
  return { paidAt: charge.created * 1000, payer: { name: charge.billing_details.name ?? undefined } }
}

/** What the charge brought to our balance; Stripe may say it only later (`charge.updated`). */
function movementsOf(
  { latest_charge: charge }: PaymentIntent,
  payment: Payment,
  recorded: { timezone: string; now: number },
): ProcessorTransaction[] {
  const moved = charge && typeof charge !== 'string' ? charge.balance_transaction : null
  if (!charge || typeof charge === 'string' || !moved || typeof moved === 'string') return []
  return [transactionOf(moved, charge, payment, recorded)]
}

const idOf = (reference: string | { id: string }): string =>
  typeof reference === 'string' ? reference : reference.id
