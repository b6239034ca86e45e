import { z } from 'zod'
import { amountParam, currencyParam } from './money.ts'
import { integer, metadata, params, text } from './params.ts'

const lineItem = z.strictObject({
  quantity: integer.optional(),
  price_data: z.strictObject({
    currency: currencyParam,
    unit_amount: amountParam,
    product_data: z.strictObject({ name: text, description: text.optional(), metadata: metadata.optional() }),
  }),
})

export const createParams = params({
  mode: z.enum(['payment']),
  line_items: z.array(lineItem).min(1).max(100),
  success_url: text,
  cancel_url: text.optional(),
  customer: text.optional(),
  customer_email: text.optional(),
  client_reference_id: z.string().max(200).optional(),
  expires_at: integer.optional(),
  metadata: metadata.optional(),
  allowed_payment_method_types: z.array(z.literal('card')).optional(),
  ui_mode: z.enum(['hosted_page']).optional(),
  payment_intent_data: z
    .strictObject({
      description: z.string().optional(),
      metadata: metadata.optional(),
      receipt_email: z.string().optional(),
      setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
    })
    .optional(),
})
export type SessionParams = z.output<typeof createParams>
