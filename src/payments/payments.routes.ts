import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { pageOf, pageQuery, refField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { notFound } from '../kernel/problem.ts'
import {
  paymentSchema,
  paymentSummarySchema,
  receivedSchema,
  reconcileBody,
  showPayment,
  showReceived,
  showSummary,
} from './payment.http.ts'
import { findPayment, listPayments } from './payments.store.ts'
import { reconcile } from './reconcile.job.ts'

const common = { tags: ['Payments'] }

/** Money that arrived, on any rail. */
export const paymentRoutes = createRouter()

paymentRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/payments',
    summary: 'List payments, newest first',
    middleware: [requireScope('read')] as const,
    request: {
      query: pageQuery.extend({
        customer_ref: refField.optional(),
        entity_ref: refField.optional(),
        unapplied: z.enum(['true', 'false']).optional(),
      }),
    },
    responses: { 200: jsonAnswer('A page of payments', pageOf(paymentSummarySchema)), ...problemAnswers },
  }),
  async (c) => {
    const { limit, cursor, customer_ref, entity_ref, unapplied } = c.req.valid('query')
    const { rows, nextCursor } = await listPayments(c.var.db, {
      limit,
      cursor,
      customerRef: customer_ref,
      entityRef: entity_ref,
      unapplied: unapplied === 'true',
    })
    return c.json({ data: rows.map(showSummary), next_cursor: nextCursor }, 200)
  },
)

paymentRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/payments/{payment_id}',
    summary: 'Show a payment, and what was decided about it',
    middleware: [requireScope('read')] as const,
    request: { params: z.object({ payment_id: refField }) },
    responses: { 200: jsonAnswer('The payment', paymentSchema), ...problemAnswers },
  }),
  async (c) => {
    const { payment_id: id } = c.req.valid('param')
    const found = await findPayment(c.var.db, id)
    if (!found) throw notFound('payment', id)
    return c.json(showPayment(found), 200)
  },
)

paymentRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/invoices/reconcile',
    summary: 'Record a payment by hand',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { body: jsonBody(reconcileBody) },
    responses: {
      200: jsonAnswer('It was recorded before: the first answer again', receivedSchema),
      201: jsonAnswer('Recorded', receivedSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { invoice_ref, received_on, external_id, ...rest } = c.req.valid('json')
    const report = { ...rest, invoiceRef: invoice_ref, receivedOn: received_on, externalId: external_id }
    const outcome = await reconcile(c.var.db, c.var, report)
    return c.json(showReceived(outcome), outcome.outcome === 'recorded' ? 201 : 200)
  },
)
