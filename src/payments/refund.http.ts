import { z } from '@hono/zod-openapi'
import { dateField, decimalField, instantOut, moneyOut, refField } from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { formatMoney } from '../kernel/money.ts'
import { REFUND_KINDS, REFUND_STATES, type Refund } from './refund.ts'

export const reasonField = z.string().trim().min(1).max(500)

const feeField = decimalField.optional().openapi({
  description: 'What the bank or the network took for it, in the currency of the payment.',
})

export const refundBody = z
  .object({
    amount: decimalField.optional().openapi({ description: 'Without it all that can be paid back.' }),
    fee: feeField,
    reason: reasonField,
    paid_on: dateField.optional().openapi({
      description: 'When the money left; for a card it is the day on which the card is asked.',
    }),
    external_id: refField.optional().openapi({
      description: 'Your own id of this refund; sent again it is the same one.',
    }),
  })
  .openapi('NewRefund')

export const returnBody = z
  .object({ fee: feeField, reason: reasonField, returned_on: dateField.optional() })
  .openapi('ReturnedPayment')

export const applyBody = z
  .object({
    invoice_ref: refField,
    amount: decimalField.optional().openapi({ description: 'Without it as much as the invoice takes.' }),
    reason: reasonField,
  })
  .openapi('NewAllocation')

export const refundSchema = z
  .object({
    refund_id: z.string(),
    payment_id: z.string(),
    kind: z.enum(REFUND_KINDS),
    amount: moneyOut,
    fee: moneyOut,
    currency: z.string(),
    state: z.enum(REFUND_STATES),
    processor_ref: z.string().nullable(),
    reason: z.string(),
    paid_on: dateField,
    created_at: instantOut,
  })
  .openapi('Refund')

export const showRefund = (refund: Refund): z.infer<typeof refundSchema> => ({
  refund_id: refund.id,
  payment_id: refund.paymentId,
  kind: refund.kind,
  amount: formatMoney(refund.amount, refund.currency),
  fee: formatMoney(refund.fee, refund.currency),
  currency: refund.currency,
  state: refund.state,
  processor_ref: refund.processorRef,
  reason: refund.reason,
  paid_on: refund.paidOn,
  created_at: toIso(refund.createdAt),
})
