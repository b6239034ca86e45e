import Stripe from 'stripe'
import type { Call } from './call.ts'
import type { SessionParams } from './checkout-params.ts'
import { mergedMetadata } from './customers.ts'
import { stripeId } from './ids.ts'

/** A new open session, its line items included. */
export function sessionWith(
  call: Call,
  given: SessionParams,
  customer: Stripe.Customer | undefined,
  expiresAt: number,
): Stripe.Checkout.Session {
  const id = stripeId('cs_test', 58)
  const items = given.line_items.map((item) => lineItemWith(item, call.now))
  const total = items.reduce((sum, { amount_total }) => sum + amount_total, 0)
  return {
    ...PLAIN_PAYMENT,
    id,
    allowed_payment_method_types: given.allowed_payment_method_types ?? null,
    amount_subtotal: total,
    amount_total: total,
    cancel_url: given.cancel_url ?? null,
    client_reference_id: given.client_reference_id ?? null,
    created: call.now,
    currency: items[0]?.currency ?? null,
    customer: customer?.id ?? null,
    customer_creation: customer ? null : 'if_required',
    customer_email: given.customer_email ?? null,
    expires_at: expiresAt,
    line_items: {
      object: 'list',
      data: items,
      has_more: false,
      url: `/v1/checkout/sessions/${id}/line_items`,
    },
    metadata: mergedMetadata(null, given.metadata),
    saved_payment_method_options: customer
      ? {
          allow_redisplay_filters: ['always'],
          payment_method_remove: 'disabled',
          payment_method_save: null,
        }
      : null,
    success_url: given.success_url,
    url: `${call.origin}/c/pay/${id}`,
  }
}

/** What a single payment by card leaves empty or as it is, in the form that Stripe answers with. */
const PLAIN_PAYMENT = {
  object: 'checkout.session',
  adaptive_pricing: { enabled: false },
  after_expiration: null,
  allow_promotion_codes: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  billing_address_collection: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: null,
    terms_of_service_acceptance: null,
  },
  customer_account: null,
  customer_details: null,
  discounts: [],
  integration_identifier: null,
  invoice: null,
  invoice_creation: {
    enabled: false,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: null,
      metadata: {},
      rendering_options: null,
    },
  },
  livemode: false,
  locale: null,
  managed_payments: null,
  mode: 'payment',
  origin_context: null,
  payment_intent: null,
  payment_link: null,
  payment_method_collection: 'if_required',
  payment_method_configuration_details: null,
  payment_method_options: { card: { request_three_d_secure: 'automatic' } },
  payment_method_types: ['card'],
  payment_status: 'unpaid',
  permissions: null,
  phone_number_collection: { enabled: false },
  recovered_from: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  status: 'open',
  submit_type: null,
  subscription: null,
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  ui_mode: 'hosted_page',
  wallet_options: null,
} satisfies Partial<Stripe.Checkout.Session>

function lineItemWith(
  { price_data: price, quantity = 1 }: SessionParams['line_items'][number],
  created: number,
): Stripe.LineItem {
  const total = price.unit_amount * quantity
  return {
    id: stripeId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency: price.currency,
    description: price.product_data.name,
    metadata: {},
    price: {
      id: stripeId('price'),
      object: 'price',
      active: false,
      billing_scheme: 'per_unit',
      created,
      currency: price.currency,
      custom_unit_amount: null,
      livemode: false,
      lookup_key: null,
      metadata: {},
      nickname: null,
      product: stripeId('prod', 14),
      recurring: null,
      tax_behavior: 'unspecified',
      tiers_mode: null,
      transform_quantity: null,
      type: 'one_time',
      unit_amount: price.unit_amount,
      unit_amount_decimal: Stripe.Decimal.from(String(price.unit_amount)),
    },
    quantity,
  }
}
