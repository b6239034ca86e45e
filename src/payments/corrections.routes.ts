import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { refField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { type AppEnv, createRouter } from '../http/router.http.ts'
import { exactAmount } from '../invoicing/corrections/credit-note.http.ts'
import { notFound } from '../kernel/problem.ts'
import { applyPayment } from './apply.job.ts'
import { paymentSchema, showPayment } from './payment.http.ts'
import { type FoundPayment, findPayment } from './payments.store.ts'
import { applyBody, reasonField, refundBody, refundSchema, returnBody, showRefund } from './refund.http.ts'
import { refundPayment } from './refund.job.ts'
import { returnPayment } from './return.job.ts'
import { undoAllocation } from './undo.job.ts'

const common = { tags: ['Payments'] }
const params = z.object({ payment_id: refField })
const refundAnswers = {
  200: jsonAnswer('It was recorded before', refundSchema),
  201: jsonAnswer('Recorded', refundSchema),
  ...problemAnswers,
}

/** What takes a payment, or a decision about one, back. */
export const paymentCorrectionRoutes = createRouter()

paymentCorrectionRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/payments/{payment_id}/refund',
    summary: 'Pay money back that no invoice takes',
    middleware: [requireScope('finance'), idempotent] as const,
    description:
      'A card gets it back through Stripe. Money that came otherwise is sent by hand and recorded here.',
    request: { params, body: jsonBody(refundBody) },
    responses: refundAnswers,
  }),
  async (c) => {
    const { payment_id: id } = c.req.valid('param')
    const { amount, fee, reason, paid_on: paidOn, external_id } = c.req.valid('json')
    const { payment } = await readPayment(c, id)
    const key = external_id ?? c.var.requestId
    const { refund, created } = await refundPayment(c.var.db, c.var, id, {
      amount: minorOf(amount, payment, 'amount'),
      fee: minorOf(fee, payment, 'fee'),
      reason,
      paidOn,
      key,
    })
    return c.json(showRefund(refund), created ? 201 : 200)
  },
)

paymentCorrectionRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/payments/{payment_id}/return',
    summary: 'Record that the payer’s bank took a payment back',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params, body: jsonBody(returnBody) },
    responses: refundAnswers,
  }),
  async (c) => {
    const { fee, reason, returned_on: returnedOn } = c.req.valid('json')
    const { payment_id: id } = c.req.valid('param')
    const { payment } = await readPayment(c, id)
    const request = { fee: minorOf(fee, payment, 'fee'), reason, returnedOn }
    const { refund, created } = await returnPayment(c.var.db, c.var, id, request)
    return c.json(showRefund(refund), created ? 201 : 200)
  },
)

paymentCorrectionRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/payments/{payment_id}/allocations',
    summary: 'Apply money that waits to an invoice',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params, body: jsonBody(applyBody) },
    responses: { 201: jsonAnswer('The payment after it', paymentSchema), ...problemAnswers },
  }),
  async (c) => {
    const { payment_id: id } = c.req.valid('param')
    const { invoice_ref: invoiceRef, amount, reason } = c.req.valid('json')
    const { payment } = await readPayment(c, id)
    const exact = minorOf(amount, payment, 'amount')
    const request = { invoiceRef, amount: exact, reason, key: c.var.requestId }
    await applyPayment(c.var.db, c.var, id, request)
    return c.json(showPayment(await readPayment(c, id)), 201)
  },
)

paymentCorrectionRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/allocations/{allocation_id}/undo',
    summary: 'Take back that a payment is for an invoice',
    middleware: [requireScope('finance'), idempotent] as const,
    request: {
      params: z.object({ allocation_id: refField }),
      body: jsonBody(z.object({ reason: reasonField })),
    },
    responses: { 200: jsonAnswer('The payment after it', paymentSchema), ...problemAnswers },
  }),
  async (c) => {
    const { allocation_id: id } = c.req.valid('param')
    const paymentId = await undoAllocation(c.var.db, c.var, id, c.req.valid('json').reason)
    return c.json(showPayment(await readPayment(c, paymentId)), 200)
  },
)

async function readPayment(c: Context<AppEnv>, id: string): Promise<FoundPayment> {
  const found = await findPayment(c.var.db, id)
  if (!found) throw notFound('payment', id)
  return found
}

const minorOf = (amount: string | undefined, { currency }: { currency: string }, path: string) =>
  amount === undefined ? undefined : exactAmount(amount, currency, path)
