import type Stripe from 'stripe'
import type { Call } from './call.ts'
import { stripeId } from './ids.ts'

/** What a new PaymentIntent is made of. */
export type NewIntent = {
  amount: number
  currency: string
  customer: string | null
  description: string | null
  metadata: Stripe.Metadata
  receiptEmail: string | null
  setupFutureUsage: Stripe.PaymentIntent.SetupFutureUsage | null
}

export function makeIntent(call: Call, given: NewIntent): Stripe.PaymentIntent {
  const intent = call.tables.paymentIntents.put(intentWith(given, call.now))
  call.emit('payment_intent.created', intent)
  return intent
}

export function cancelIntent(
  call: Call,
  intent: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent {
  const canceled = call.tables.paymentIntents.put({
    ...intent,
    status: 'canceled',
    canceled_at: call.now,
    cancellation_reason: reason,
    next_action: null,
  })
  call.emit('payment_intent.canceled', canceled)
  return canceled
}

function intentWith(given: NewIntent, created: number): Stripe.PaymentIntent {
  const id = stripeId('pi')
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: ['card'],
    amount: given.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: { enabled: true, allow_redirects: 'always' },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: stripeId(`${id}_secret`),
    confirmation_method: 'automatic',
    created,
    currency: given.currency,
    customer: given.customer,
    customer_account: null,
    description: given.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: given.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: { card: cardOptions() },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: given.receiptEmail,
    review: null,
    setup_future_usage: given.setupFutureUsage,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  }
}

const cardOptions = (): Stripe.PaymentIntent.PaymentMethodOptions.Card => ({
  installments: null,
  mandate_options: null,
  network: null,
  request_three_d_secure: 'automatic',
})
