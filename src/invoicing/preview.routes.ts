import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { invalid } from '../kernel/problem.ts'
import { assemblyAnswer, assemblyBody, showAssembled } from './assembly.http.ts'
import { assemble } from './assembly.ts'
import { readAssembly } from './assembly-input.ts'

/** Billing decisions that leave no trace: here the amounts of an invoice. */
export const invoicePreviewRoutes = createRouter()

invoicePreviewRoutes.openapi(
  createRoute({
    tags: ['Preview'],
    security: [{ bearer: [] }],
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
)
