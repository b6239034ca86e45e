import type { Hono } from 'hono'
import type Stripe from 'stripe'
import { z } from 'zod'
import { type Call, endpoint, type StandInEnv } from './call.ts'
import { confirmIntent } from './confirm.ts'
import { customerOf, mergedMetadata } from './customers.ts'
import { invalidRequest, noSuch } from './fault.ts'
import { listFields, listPage } from './list.ts'
import { amountParam, currencyParam, requireChargeable } from './money.ts'
import { flag, metadata, params, text } from './params.ts'
import { cancelIntent, makeIntent } from './payment-intent.ts'
import { paymentMethodOf } from './payment-methods.ts'

const CANCELABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action', 'processing']
const CHANGEABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action']

const shared = {
  customer: text.optional(),
  description: z.string().optional(),
  metadata: metadata.optional(),
  payment_method: text.optional(),
  receipt_email: z.string().optional(),
  setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
  allowed_payment_method_types: z.array(z.literal('card')).optional(),
}
const confirmFields = {
  off_session: flag.optional(),
  error_on_requires_action: flag.optional(),
  return_url: text.optional(),
}
const createParams = params({
  ...shared,
  ...confirmFields,
  amount: amountParam,
  currency: currencyParam,
  confirm: flag.optional(),
  automatic_payment_methods: z
    .strictObject({ enabled: flag, allow_redirects: z.enum(['always', 'never']).optional() })
    .optional(),
})
const updateParams = params({ ...shared, amount: amountParam.optional(), currency: currencyParam.optional() })
const confirmParams = params({
  ...confirmFields,
  payment_method: shared.payment_method,
  setup_future_usage: shared.setup_future_usage,
})
const cancelParams = params({
  cancellation_reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned']).optional(),
})
const listParams = params({ ...listFields, customer: text.optional() })

export function mountPaymentIntents(app: Hono<StandInEnv>): void {
  app.post('/v1/payment_intents', endpoint(createParams, createIntent))
  app.get('/v1/payment_intents', endpoint(listParams, listIntents))
  app.get(
    '/v1/payment_intents/:id',
    endpoint(params({}), ({ tables }, _, id) => intentOf(tables, id)),
  )
  app.post('/v1/payment_intents/:id', endpoint(updateParams, updateIntent))
  app.post('/v1/payment_intents/:id/confirm', endpoint(confirmParams, confirm))
  app.post('/v1/payment_intents/:id/cancel', endpoint(cancelParams, cancel))
}

function intentOf(tables: Call['tables'], id: string): Stripe.PaymentIntent {
  const intent = tables.paymentIntents.get(id)
  if (!intent) throw noSuch('payment_intent', id, 'intent', 404)
  return intent
}

function createIntent(call: Call, given: z.output<typeof createParams>): Stripe.PaymentIntent {
  requireChargeable(given.amount, given.currency, 'amount')
  if (given.customer) customerOf(call.tables, given.customer, 'customer')
  if (given.off_session !== undefined && !given.confirm) {
    throw invalidRequest(
      'You cannot provide `off_session` when creating a PaymentIntent without also setting `confirm` to `true`.',
      { param: 'off_session' },
    )
  }
  const method = given.payment_method && paymentMethodOf(call, given.payment_method, 'payment_method')
  const made = makeIntent(call, {
    amount: given.amount,
    currency: given.currency,
    customer: given.customer ?? null,
    description: given.description ?? null,
    metadata: mergedMetadata(null, given.metadata),
    receiptEmail: given.receipt_email ?? null,
    setupFutureUsage: given.setup_future_usage ?? null,
  })
  const intent = method
    ? call.tables.paymentIntents.put({ ...made, payment_method: method.id, status: 'requires_confirmation' })
    : made
  return given.confirm ? confirmIntent(call, intent, confirmation(given)) : intent
}

function updateIntent(call: Call, given: z.output<typeof updateParams>, id: string): Stripe.PaymentIntent {
  const intent = intentOf(call.tables, id)
  if (!CHANGEABLE.includes(intent.status)) {
    throw invalidRequest(
      `This PaymentIntent's amount could not be updated because it has a status of ${intent.status}. ` +
        `You may only update the amount of a PaymentIntent with one of the following statuses: ` +
        `${CHANGEABLE.join(', ')}.`,
      { code: 'payment_intent_unexpected_state', payment_intent: intent },
    )
  }
  const { amount = intent.amount, currency = intent.currency } = given
  requireChargeable(amount, currency, 'amount')
  const method = given.payment_method && paymentMethodOf(call, given.payment_method, 'payment_method')
  return call.tables.paymentIntents.put({
    ...intent,
    amount,
    currency,
    customer: given.customer ?? intent.customer,
    description: given.description ?? intent.description,
    metadata: mergedMetadata(intent.metadata, given.metadata),
    receipt_email: given.receipt_email ?? intent.receipt_email,
    setup_future_usage: given.setup_future_usage ?? intent.setup_future_usage,
    ...(method && { payment_method: method.id, status: 'requires_confirmation' as const }),
  })
}

function confirm(call: Call, given: z.output<typeof confirmParams>, id: string): Stripe.PaymentIntent {
  const intent = intentOf(call.tables, id)
  const setup_future_usage = given.setup_future_usage ?? intent.setup_future_usage
  return confirmIntent(call, { ...intent, setup_future_usage }, confirmation(given))
}

const confirmation = (given: {
  payment_method?: string | undefined
  off_session?: boolean | undefined
  error_on_requires_action?: boolean | undefined
  return_url?: string | undefined
}) => ({
  paymentMethod: given.payment_method,
  failOnAction: given.off_session === true || given.error_on_requires_action === true,
  offSession: given.off_session === true,
  returnUrl: given.return_url,
})

function cancel(call: Call, given: z.output<typeof cancelParams>, id: string): Stripe.PaymentIntent {
  const intent = intentOf(call.tables, id)
  if (CANCELABLE.includes(intent.status)) return cancelIntent(call, intent, given.cancellation_reason ?? null)
  throw invalidRequest(
    `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with ` +
      `one of the following statuses may be canceled: ${CANCELABLE.join(', ')}.`,
    { code: 'payment_intent_unexpected_state', payment_intent: intent },
  )
}

const listIntents = ({ tables }: Call, given: z.output<typeof listParams>) =>
  listPage(
    tables.paymentIntents
      .all()
      .filter(({ customer }) => given.customer === undefined || customer === given.customer),
    '/v1/payment_intents',
    'payment_intent',
    given,
  )
