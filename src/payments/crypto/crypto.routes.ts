import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../../access/auth.http.ts'
import { idempotent } from '../../access/idempotency.http.ts'
import { findEntity } from '../../customers/customers.store.ts'
import { pageOf, pageQuery, refField } from '../../http/fields.http.ts'
import { jsonAnswer } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { findInvoice } from '../../invoicing/invoicing.store.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { depositSchema, showDeposit, showTransfer, transferSchema } from './crypto.http.ts'
import { listTransfers } from './crypto.store.ts'
import { ensureDepositAddress } from './deposit.job.ts'
import { walletFor } from './deposit.ts'
import { paymentRequests } from './payment-request.ts'
import { TRANSFER_STATES } from './transfer.ts'

const common = { tags: ['Payments'] }

export const cryptoRoutes = createRouter()

cryptoRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/crypto/transfers',
    summary: 'List token transfers to deposit addresses, newest first',
    middleware: [requireScope('read')] as const,
    request: {
      query: pageQuery.extend({
        invoice_ref: refField.optional().openapi({ description: 'Id of the invoice.' }),
        state: z.enum(TRANSFER_STATES).optional(),
      }),
    },
    responses: { 200: jsonAnswer('A page of transfers', pageOf(transferSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { invoice_ref: invoiceId, ...page } = c.req.valid('query')
    const { rows, nextCursor } = await listTransfers(c.var.db, { ...page, invoiceId })
    return c.json({ data: rows.map(showTransfer), next_cursor: nextCursor }, 200)
  },
)

cryptoRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/invoices/{invoice_ref}/deposit-address',
    summary: 'Give out the address at which an invoice is paid with tokens',
    description: 'Asked again, the answer names the same address and what is due by then.',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: z.object({ invoice_ref: refField }) },
    responses: {
      200: jsonAnswer('The address, and each way to pay there', depositSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { invoice_ref } = c.req.valid('param')
    const found = await findInvoice(c.var.db, invoice_ref)
    if (!found) throw notFound('invoice', invoice_ref)
    const { invoice, allocated } = found
    const entity = await findEntity(c.var.db, invoice.entityRef)
    const wallet = entity && walletFor(entity.wallets, invoice.currency)
    const deposit = wallet && (await ensureDepositAddress(c.var.db, invoice, entity, c.var.now))
    if (!deposit) {
      throw invalid(
        'crypto_not_accepted',
        `Invoice ${invoice.number} is not to be paid with tokens: its contract must allow "crypto", and the entity ` +
          `must list a token in ${invoice.currency} in one of its wallets.`,
      )
    }
    const requests = paymentRequests(deposit, wallet, invoice.total - allocated, invoice.currency)
    return c.json(showDeposit(deposit, requests), 200)
  },
)
