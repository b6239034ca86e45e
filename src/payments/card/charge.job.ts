import { findCustomer } from '../../customers/customers.store.ts'
import type { Effect } from '../../delivery/effect.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { findInvoice } from '../../invoicing/invoicing.store.ts'
import type { Minor } from '../../kernel/money.ts'
import { commit } from '../../storage/db.store.ts'
import { isUntried } from './attempt.ts'
import { beginAttempt, type CardAttempt, cardAttemptsOfInvoice, nameIntent } from './card.store.ts'
import { settleIntent } from './settle.job.ts'
import { isCardRefusal, type PaymentIntent, type StripeClient, stripeClient } from './stripe.client.ts'
import { toStripeAmount } from './stripe-amount.ts'

/** What a charge is about: the open part of an invoice, and the card that its customer saved. */
type Due = {
  invoiceId: string
  number: string
  currency: string
  open: Minor
  customer: string
  paymentMethod: string
}

/**
 * Charges the saved card of a customer for what is open now. The PaymentIntent's id is in our books before the card is
 * asked, and its status at Stripe decides what happens next: after a crash at any point, the same call goes on where
 * the first one stopped, and the card is asked once.
 */
export const chargeCard: Effect<EffectContext, 'charge_card'> = async (context, { invoiceId }) => {
  const due = await findDue(context, invoiceId)
  const attempt = due && (await openAttempt(context, due))
  if (!attempt) return
  const stripe = stripeClient(context.env)
  const intent = await intentOf(context, stripe, due, attempt)
  if (isUntried(intent)) await askCard(stripe, due, attempt, intent)
  await settleIntent(context, intent.id)
}

async function findDue({ db }: EffectContext, invoiceId: string): Promise<Due | undefined> {
  const found = await findInvoice(db, invoiceId)
  if (!found) return undefined
  const { invoice, allocated } = found
  const customer = await findCustomer(db, invoice.customerRef)
  // Without a saved card the invoice waits for its customer, who has the link to it.
  if (!customer?.stripeCustomerId || !customer.stripePaymentMethodId) return undefined
  return {
    invoiceId: invoice.id,
    number: invoice.number,
    currency: invoice.currency,
    open: invoice.total - allocated,
    customer: customer.stripeCustomerId,
    paymentMethod: customer.stripePaymentMethodId,
  }
}

/** The attempt to make or to finish; undefined when it is over already, or nothing is open. */
async function openAttempt({ db, now }: EffectContext, due: Due): Promise<CardAttempt | undefined> {
  const [known] = await cardAttemptsOfInvoice(db, due.invoiceId)
  if (known) return known.outcome === 'pending' ? known : undefined
  if (due.open <= 0n) return undefined
  const attempt: CardAttempt = {
    invoiceId: due.invoiceId,
    attemptNo: 1,
    amount: due.open,
    paymentIntentId: null,
    outcome: 'pending',
    declineCode: null,
    attemptedAt: now,
  }
  await commit(db, beginAttempt(db, attempt))
  const [kept] = await cardAttemptsOfInvoice(db, due.invoiceId)
  return kept
}

/** The intent of an attempt. Making it moves no money: it has no card yet. */
async function intentOf(
  { db }: EffectContext,
  stripe: StripeClient,
  due: Due,
  attempt: CardAttempt,
): Promise<PaymentIntent> {
  if (attempt.paymentIntentId) return stripe.paymentIntents.retrieve(attempt.paymentIntentId)
  const intent = await stripe.paymentIntents.create(
    {
      amount: toStripeAmount(attempt.amount, due.currency),
      currency: due.currency.toLowerCase(),
      customer: due.customer,
      allowed_payment_method_types: ['card'],
      description: `Invoice ${due.number}`,
      metadata: { invoice_id: due.invoiceId, attempt_no: String(attempt.attemptNo) },
    },
    { idempotencyKey: attemptKey(attempt) },
  )
  await commit(db, [nameIntent(db, attempt, intent.id)])
  return intent
}

/** Asks the card for what is open at this moment: another payment may have come since the attempt began. */
async function askCard(
  stripe: StripeClient,
  due: Due,
  attempt: CardAttempt,
  intent: PaymentIntent,
): Promise<void> {
  if (due.open <= 0n) {
    await stripe.paymentIntents.cancel(intent.id)
    return
  }
  const amount = toStripeAmount(due.open, due.currency)
  if (amount !== intent.amount) await stripe.paymentIntents.update(intent.id, { amount })
  try {
    await stripe.paymentIntents.confirm(
      intent.id,
      { payment_method: due.paymentMethod, off_session: true },
      { idempotencyKey: `${attemptKey(attempt)}:confirm` },
    )
  } catch (error) {
    // A refusal is written on the intent, where it is read next.
    if (!isCardRefusal(error)) throw error
  }
}

const attemptKey = ({ invoiceId, attemptNo }: CardAttempt): string => `inv:${invoiceId}:attempt:${attemptNo}`
