import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../../access/auth.http.ts'
import { readPriceModel } from '../../catalog/price.http.ts'
import { jsonAnswer, jsonBody } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { invalid } from '../../kernel/problem.ts'
import { readPeriod, repriceAnswer, repriceBody, showRepriced } from '../reprice/reprice.http.ts'
import { repriceUsage } from '../reprice/reprice.job.ts'
import { assemblyAnswer, assemblyBody, assemblyJudged, showAssembled } from './assembly.http.ts'
import { assemble } from './assembly.ts'
import { readAssembly } from './assembly-input.ts'

/** Billing decisions that leave no trace: here the amounts of an invoice. */
export const invoicePreviewRoutes = createRouter()

invoicePreviewRoutes.openapi(
  createRoute({
    tags: ['Preview'],
    method: 'post',
    path: '/api/preview/invoice',
    summary: 'The amounts of an invoice of these lines',
    middleware: [requireScope('read')] as const,
    request: { body: jsonBody(assemblyBody) },
    responses: { 200: jsonAnswer('The amounts', assemblyAnswer), ...problemAnswers },
  }),
  (c) => {
    const body = c.req.valid('json')
    const assembled = assemble(readAssembly(body))
    if (assembled.total < 0n) {
      throw invalid('invoice_below_zero', 'These lines come to less than zero, and no invoice may.', [
        { path: 'lines', message: 'leave negative lines to a later invoice or a credit note' },
      ])
    }
    return c.json(showAssembled(body, assembled), 200)
  },
  assemblyJudged,
)

invoicePreviewRoutes.openapi(
  createRoute({
    tags: ['Preview'],
    method: 'post',
    path: '/api/preview/reprice',
    summary: 'What real usage would have cost by another price, for one customer or all',
    description:
      'A period that is a billing cycle of the contract is priced as its invoice line is; any other as one whole.',
    middleware: [requireScope('read')] as const,
    request: { body: jsonBody(repriceBody) },
    responses: { 200: jsonAnswer('Both amounts of each customer', repriceAnswer), ...problemAnswers },
  }),
  async (c) => {
    const body = c.req.valid('json')
    const { product_ref: productRef, currency, model, modifiers, bucket, customer_ref: customerRef } = body
    const { timezone, limit, cursor } = body
    const period = readPeriod(body, c.var.now)
    const price = { model: readPriceModel(model), modifiers }
    const question = { productRef, price, bucket, currency, period }
    const repriced = await repriceUsage(c.env, c.var.db, question, { customerRef, timezone, limit, cursor })
    return c.json(showRepriced(body, period, repriced), 200)
  },
)
