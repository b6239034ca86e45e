import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { writeOffInvoice } from '../invoicing/corrections/invoice-corrections.job.ts'
import {
  invoiceParams,
  reasonField,
  standingAnswer,
  standingOf,
} from '../invoicing/corrections/invoice-corrections.routes.ts'
import { heldBackOfInvoice } from './held-back-lines.job.ts'

/** Giving up an invoice: what of it is a loss depends on what was revenue. */
export const writeOffRoutes = createRouter()

writeOffRoutes.openapi(
  createRoute({
    tags: ['Invoices'],
    method: 'post',
    path: '/api/invoices/{invoice_ref}/write_off',
    summary: 'Give up what is open of an invoice',
    middleware: [requireScope('finance'), idempotent] as const,
    request: {
      params: invoiceParams,
      body: jsonBody(
        z.object({
          reason: reasonField,
          tax_relief: z.boolean().default(false).openapi({
            description: 'The tax office gives back the tax on what nobody pays.',
          }),
        }),
      ),
    },
    responses: { 200: jsonAnswer('It is written off', standingAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { invoice_ref: ref } = c.req.valid('param')
    const { reason, tax_relief: taxRelief } = c.req.valid('json')
    const { db } = c.var
    await writeOffInvoice(db, c.var, ref, { reason, taxRelief, heldBackOf: heldBackOfInvoice(db) })
    return c.json(await standingOf(c, ref), 200)
  },
)
