import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { requireScope } from '../../access/auth.http.ts'
import { idempotent } from '../../access/idempotency.http.ts'
import { currencyField, moneyOut, refField } from '../../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { type AppEnv, createRouter } from '../../http/router.http.ts'
import { formatMoney } from '../../kernel/money.ts'
import { notFound } from '../../kernel/problem.ts'
import { INVOICE_STATES, invoiceState } from '../invoice.ts'
import { findInvoice } from '../invoicing.store.ts'
import { voidInvoice } from './invoice-corrections.job.ts'
import { VOID_CAUSES } from './void-invoice.ts'

const common = { tags: ['Invoices'] }
export const invoiceParams = z.object({ invoice_ref: refField })
export const reasonField = z.string().trim().min(1).max(500)

export const standingAnswer = z
  .object({
    invoice_ref: z.string(),
    document_number: z.string(),
    state: z.enum(INVOICE_STATES),
    total: moneyOut,
    amount_due: moneyOut,
    currency: currencyField,
  })
  .openapi('InvoiceStanding')

const voidBody = z
  .object({
    reason: reasonField,
    cause: z.enum(VOID_CAUSES).default('concession').openapi({
      description:
        'What it means for a fee whose revenue follows the plan of its contract. `concession`: its price falls, since the cycle is not billed again. `billing_error`: the same is billed in another way, and the price stays.',
    }),
  })
  .openapi('VoidInvoice')

/** What takes an invoice back. */
export const invoiceCorrectionRoutes = createRouter()

invoiceCorrectionRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/invoices/{invoice_ref}/void',
    summary: 'Take an invoice back that nobody has paid',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: invoiceParams, body: jsonBody(voidBody) },
    responses: { 200: jsonAnswer('It is void', standingAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { invoice_ref: ref } = c.req.valid('param')
    await voidInvoice(c.var.db, c.var, ref, c.req.valid('json'))
    return c.json(await standingOf(c, ref), 200)
  },
)

/** How an invoice stands after what was done to it. */
export async function standingOf(c: Context<AppEnv>, ref: string): Promise<z.infer<typeof standingAnswer>> {
  const found = await findInvoice(c.var.db, ref)
  if (!found) throw notFound('invoice', ref)
  const { invoice, allocated, settlement } = found
  return {
    invoice_ref: invoice.id,
    document_number: invoice.number,
    state: invoiceState(invoice.total, settlement),
    total: formatMoney(invoice.total, invoice.currency),
    amount_due: formatMoney(invoice.total - allocated, invoice.currency),
    currency: invoice.currency,
  }
}
