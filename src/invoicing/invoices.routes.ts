import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { findContract } from '../contracts/contracts.store.ts'
import { pageOf, pageQuery, refField } from '../http/fields.http.ts'
import { jsonAnswer } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { publicUrl } from '../http/public-url.http.ts'
import { type AppEnv, createRouter } from '../http/router.http.ts'
import { notFound } from '../kernel/problem.ts'
import { upcomingInvoices } from './cycle/upcoming.job.ts'
import { hostedUrl } from './documents/hosted-link.ts'
import { pdfName } from './documents/issued-mail.job.ts'
import { renderInvoicePdf } from './documents/pdf.ts'
import { readFonts } from './documents/pdf-fonts.client.ts'
import { sendAgain } from './documents/send-again.job.ts'
import {
  draftSchema,
  invoiceSchema,
  invoiceStates,
  invoiceSummarySchema,
  showDraft,
  showInvoice,
  showInvoiceSummary,
} from './invoice.http.ts'
import type { Invoice } from './invoice.ts'
import { allocationsOfInvoice, type FoundInvoice, findInvoice, listInvoices } from './invoicing.store.ts'

const common = { tags: ['Invoices'] }
const refParam = z.object({
  invoice_ref: refField.openapi({ description: 'The id or the document number of the invoice.' }),
})

/** What was billed, and what would be. */
export const invoiceRoutes = createRouter()

invoiceRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/invoices',
    summary: 'List invoices, newest first',
    middleware: [requireScope('read')] as const,
    request: {
      query: pageQuery.extend({
        customer_ref: refField.optional(),
        contract_ref: refField.optional(),
        state: z.enum(invoiceStates).optional(),
      }),
    },
    responses: { 200: jsonAnswer('A page of invoices', pageOf(invoiceSummarySchema)), ...problemAnswers },
  }),
  async (c) => {
    const { customer_ref: customerRef, contract_ref: contractRef, ...rest } = c.req.valid('query')
    const { rows, nextCursor } = await listInvoices(c.var.db, { ...rest, customerRef, contractRef })
    const data = rows.map((invoice) => showInvoiceSummary(invoice, urlsOf(c, invoice)))
    return c.json({ data, next_cursor: nextCursor }, 200)
  },
)

invoiceRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/invoices/{invoice_ref}',
    summary: 'Show an invoice with its lines and what was paid',
    middleware: [requireScope('read')] as const,
    request: { params: refParam },
    responses: { 200: jsonAnswer('The invoice', invoiceSchema), ...problemAnswers },
  }),
  async (c) => {
    const { invoice } = await readInvoice(c, c.req.valid('param').invoice_ref)
    const [allocations, contract] = await Promise.all([
      allocationsOfInvoice(c.var.db, invoice.id),
      findContract(c.var.db, invoice.contractRef),
    ])
    // An invoice that was taken over from another system has no contract here, and no events either.
    const shown = { urls: urlsOf(c, invoice), terms: contract?.terms ?? { timezone: 'UTC' } }
    return c.json(showInvoice(invoice, allocations, shown), 200)
  },
)

invoiceRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/invoices/{invoice_ref}/pdf',
    summary: 'Download an invoice as PDF',
    middleware: [requireScope('read')] as const,
    request: { params: refParam },
    responses: {
      200: {
        description: 'The invoice',
        content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
      },
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { invoice, settlement } = await readInvoice(c, c.req.valid('param').invoice_ref)
    const fonts = await readFonts(c.env)
    const pdf = await renderInvoicePdf(invoice, { settlement, hostedUrl: linkOf(c, invoice), fonts })
    return c.body(new Uint8Array(pdf), 200, {
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="${pdfName(invoice)}"`,
    })
  },
)

invoiceRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/invoices/{invoice_ref}/send',
    summary: 'Mail an invoice again',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: refParam },
    responses: {
      202: jsonAnswer('It is being sent', z.object({ sent_to: z.array(z.string()) })),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { invoice } = await readInvoice(c, c.req.valid('param').invoice_ref)
    return c.json({ sent_to: await sendAgain(c.var.db, c.var, invoice) }, 202)
  },
)

for (const which of ['current', 'next'] as const) {
  invoiceRoutes.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: `/api/contracts/invoices/${which}/{contract_ref}`,
      summary:
        which === 'current'
          ? 'The invoices of the running cycle, as they would be issued now'
          : 'The invoices after those, as of the day on which they will be issued',
      middleware: [requireScope('read')] as const,
      request: { params: z.object({ contract_ref: refField }) },
      responses: {
        200: jsonAnswer('One draft, or one for each product', z.object({ data: z.array(draftSchema) })),
        ...problemAnswers,
      },
    }),
    async (c) => {
      const { contract_ref: ref } = c.req.valid('param')
      const invoices = await upcomingInvoices(c.env, c.var.db, ref, which, c.var.now)
      return c.json({ data: invoices.map(showDraft) }, 200)
    },
  )
}

async function readInvoice(c: Context<AppEnv>, ref: string): Promise<FoundInvoice> {
  const found = await findInvoice(c.var.db, ref)
  if (!found) throw notFound('invoice', ref)
  return found
}

/** Null while LINK_SECRET is not set: then there are no hosted pages. */
const linkOf = (c: Context<AppEnv>, invoice: Pick<Invoice, 'id'>): string | null =>
  c.env.LINK_SECRET ? hostedUrl(publicUrl(c), c.env.LINK_SECRET, invoice.id) : null

const urlsOf = (c: Context<AppEnv>, invoice: Pick<Invoice, 'id'>) => ({
  hosted: linkOf(c, invoice),
  pdf: `${publicUrl(c)}/api/invoices/${invoice.id}/pdf`,
})
