import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../../access/auth.http.ts'
import { idempotent } from '../../access/idempotency.http.ts'
import { pageOf, pageQuery, refField } from '../../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { notFound } from '../../kernel/problem.ts'
import { pdfName } from '../documents/issued-mail.job.ts'
import { readFonts } from '../documents/pdf-fonts.client.ts'
import { findInvoice } from '../invoicing.store.ts'
import {
  creditNoteBody,
  creditNoteSchema,
  creditNoteSummarySchema,
  readLines,
  showCreditNote,
  showCreditNoteSummary,
} from './credit-note.http.ts'
import { issueCreditNote } from './credit-note.job.ts'
import { findCreditNote, listCreditNotes } from './credit-note.store.ts'
import { renderCreditNotePdf } from './credit-note-pdf.ts'

const common = { tags: ['Credit notes'] }

export const creditNoteRoutes = createRouter()

creditNoteRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/invoices/{invoice_ref}/credit_notes',
    summary: 'Credit an invoice, all of it or some of its lines',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: z.object({ invoice_ref: refField }), body: jsonBody(creditNoteBody) },
    responses: {
      200: jsonAnswer('It was issued before', creditNoteSchema),
      201: jsonAnswer('Issued', creditNoteSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { invoice_ref: ref } = c.req.valid('param')
    const { cause, reason, external_id, lines } = c.req.valid('json')
    const found = await findInvoice(c.var.db, ref)
    if (!found) throw notFound('invoice', ref)
    const { id: invoiceRef, currency } = found.invoice
    const key = external_id ?? c.var.requestId
    const request = { invoiceRef, key, cause, reason, lines: readLines(lines, currency) }
    const { created, ...issued } = await issueCreditNote(c.var.db, c.var, request)
    return c.json(showCreditNote(issued), created ? 201 : 200)
  },
)

creditNoteRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/credit-notes',
    summary: 'List credit notes, newest first',
    middleware: [requireScope('read')] as const,
    request: {
      query: pageQuery.extend({ customer_ref: refField.optional(), invoice_ref: refField.optional() }),
    },
    responses: {
      200: jsonAnswer('A page of credit notes', pageOf(creditNoteSummarySchema)),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { customer_ref: customerRef, invoice_ref: invoiceId, ...page } = c.req.valid('query')
    const { rows, nextCursor } = await listCreditNotes(c.var.db, { ...page, customerRef, invoiceId })
    return c.json({ data: rows.map(showCreditNoteSummary), next_cursor: nextCursor }, 200)
  },
)

creditNoteRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/credit-notes/{credit_note_ref}',
    summary: 'Show a credit note with its lines',
    middleware: [requireScope('read')] as const,
    request: { params: z.object({ credit_note_ref: refField }) },
    responses: { 200: jsonAnswer('The credit note', creditNoteSchema), ...problemAnswers },
  }),
  async (c) => {
    const { credit_note_ref: ref } = c.req.valid('param')
    const found = await findCreditNote(c.var.db, ref)
    if (!found) throw notFound('credit note', ref)
    return c.json(showCreditNote(found), 200)
  },
)

creditNoteRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/credit-notes/{credit_note_ref}/pdf',
    summary: 'Download a credit note as PDF',
    middleware: [requireScope('read')] as const,
    request: { params: z.object({ credit_note_ref: refField }) },
    responses: {
      200: {
        description: 'The credit note',
        content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
      },
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { credit_note_ref: ref } = c.req.valid('param')
    const { db } = c.var
    const credited = await findCreditNote(db, ref)
    const found = credited && (await findInvoice(db, credited.creditNote.invoiceId))
    if (!credited || !found) throw notFound('credit note', ref)
    const { creditNote, lines } = credited
    const { invoice } = found
    const pdf = await renderCreditNotePdf(creditNote, { lines, invoice, fonts: await readFonts(c.env) })
    return c.body(new Uint8Array(pdf), 200, {
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="${pdfName(creditNote)}"`,
    })
  },
)
