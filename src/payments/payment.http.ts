import { z } from '@hono/zod-openapi'
import {
  currencyField,
  dateField,
  decimalField,
  instantOut,
  moneyOut,
  nameField,
  refField,
} from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { formatMoney, type Minor, sum } from '../kernel/money.ts'
import { type Payment, RAILS } from './payment.ts'
import type { FoundPayment, PaymentSummary } from './payments.store.ts'
import type { ReceiveOutcome } from './receive.job.ts'
import { refundSchema, showRefund } from './refund.http.ts'

export const reconcileBody = z
  .object({
    invoice_ref: refField.openapi({ description: 'Id or document number of the invoice that was paid.' }),
    amount: decimalField,
    currency: currencyField,
    received_on: dateField,
    reference: z.string().max(500).default(''),
    external_id: refField.optional().openapi({
      description:
        'Your own id of this money. Without it one is made from the content, so that a blind retry never counts twice.',
    }),
    payer: z.object({ name: nameField.optional(), account: refField.optional() }).default({}),
  })
  .openapi('PaymentByHand')

const fields = {
  payment_id: z.string(),
  rail: z.enum(RAILS),
  external_id: z.string(),
  entity_ref: z.string(),
  customer_ref: z.string().nullable(),
  amount: moneyOut,
  currency: z.string(),
  received_on: z.string().openapi({ format: 'date' }),
  payer: z.object({ name: z.string().nullable(), account: z.string().nullable() }),
  reference: z.string(),
  recorded_at: instantOut,
  credit: moneyOut,
  refunded: moneyOut,
  unapplied: moneyOut,
}

export const paymentSummarySchema = z.object({ ...fields, applied: moneyOut }).openapi('PaymentSummary')

export const allocationSchema = z.object({ invoice_ref: z.string(), amount: moneyOut, rule: z.string() })

const standingAllocation = allocationSchema.extend({ allocation_id: z.string() })

export const paymentSchema = z
  .object({
    ...fields,
    rule: z.string(),
    explanation: z.string(),
    allocations: z.array(standingAllocation),
    refunds: z.array(refundSchema),
  })
  .openapi('Payment')

export const receivedSchema = z
  .object({
    ...fields,
    rule: z.string(),
    explanation: z.string(),
    allocations: z.array(allocationSchema),
    outcome: z.enum(['recorded', 'duplicate']),
  })
  .openapi('ReceivedPayment')

export const showSummary = (payment: PaymentSummary) => ({
  ...showFacts(payment, {
    ...payment,
    unapplied: payment.amount - payment.applied - payment.credit - payment.refunded,
  }),
  applied: formatMoney(payment.applied, payment.currency),
})

export function showPayment({ payment, match, allocations, credit, refunded, refunds }: FoundPayment) {
  const applied = sum(allocations.map(({ amount }) => amount))
  const unapplied = payment.amount - applied - credit - refunded
  return {
    ...showFacts(payment, { credit, refunded, unapplied }),
    rule: match.rule,
    explanation: match.explanation,
    allocations: allocations.map(({ id, invoiceId, amount, rule }) => ({
      allocation_id: id,
      invoice_ref: invoiceId,
      amount: formatMoney(amount, payment.currency),
      rule,
    })),
    refunds: refunds.map(showRefund),
  }
}

export const showReceived = ({ payment, credit, refunded, unapplied, ...decision }: ReceiveOutcome) => ({
  ...showFacts(payment, { credit, refunded, unapplied }),
  rule: decision.rule,
  explanation: decision.explanation,
  outcome: decision.outcome,
  allocations: showAllocations(decision.allocations, payment.currency),
})

export const showAllocations = (allocations: ReceiveOutcome['allocations'], currency: string) =>
  allocations.map(({ invoiceId, amount, rule }) => ({
    invoice_ref: invoiceId,
    amount: formatMoney(amount, currency),
    rule,
  }))

const showFacts = (payment: Payment, use: { credit: Minor; refunded: Minor; unapplied: Minor }) => ({
  payment_id: payment.id,
  rail: payment.rail,
  external_id: payment.externalKey,
  entity_ref: payment.entityRef,
  customer_ref: payment.customerRef,
  amount: formatMoney(payment.amount, payment.currency),
  currency: payment.currency,
  received_on: payment.receivedOn,
  payer: { name: payment.payer.name ?? null, account: payment.payer.account ?? null },
  reference: payment.reference,
  recorded_at: toIso(payment.recordedAt),
  credit: formatMoney(use.credit, payment.currency),
  refunded: formatMoney(use.refunded, payment.currency),
  unapplied: formatMoney(use.unapplied, payment.currency),
})
