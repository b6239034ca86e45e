import { allows } from '../access/principal.ts'
import { csrfGuard, requireOperator } from '../access/session.http.ts'
import { findContract } from '../contracts/contracts.store.ts'
import { publicUrl } from '../http/public-url.http.ts'
import { createRouter } from '../http/router.http.ts'
import { creditNotesOfInvoice } from '../invoicing/corrections/credit-note.store.ts'
import { hostedUrl } from '../invoicing/documents/hosted-link.ts'
import { findInvoice, type InvoiceFilter, listInvoices, openInvoices } from '../invoicing/invoicing.store.ts'
import { sum } from '../kernel/money.ts'
import { notFound } from '../kernel/problem.ts'
import { listEntries } from '../ledger/entry-list.store.ts'
import { applyPayment } from '../payments/apply.job.ts'
import {
  type FoundPayment,
  findPayment,
  listPayments,
  paymentsOfInvoice,
} from '../payments/payments.store.ts'
import { applyBody } from '../payments/refund.http.ts'
import type { Db } from '../storage/db.store.ts'
import { parsed } from './close-forms.http.ts'
import { InvoicePage } from './invoice.page.tsx'
import { InvoicesPage } from './invoices.page.tsx'
import { customerNames, invoiceNumbers, sellersToday } from './lookups.store.ts'
import { pageOfQuery } from './page-query.ts'
import { PaymentPage } from './payment.page.tsx'
import { PaymentsPage, unappliedOf } from './payments.page.tsx'

/** Open invoices that are offered for a payment; any other is applied by its number, too. */
const OFFERED = 50

/** What was billed and what came in. */
export const moneyPages = createRouter()

const STATE_FILTERS: Record<string, Partial<InvoiceFilter>> = {
  open: { open: true },
  partly_paid: { state: 'PARTIALLY_PAID' },
  paid: { state: 'PAID' },
}

moneyPages.get('/invoices', async (c) => {
  const { db, now, principal } = c.var
  const query = c.req.query()
  const state = query.state && Object.hasOwn(STATE_FILTERS, query.state) ? query.state : ''
  const page = await listInvoices(db, { ...pageOfQuery(query), ...STATE_FILTERS[state] })
  const names = await customerNames(
    db,
    page.rows.map(({ customerRef }) => customerRef),
  )
  const shown = { operator: principal.label, state, page, names, todayOf: await sellersToday(db, now) }
  return c.html(<InvoicesPage {...shown} />)
})

moneyPages.get('/invoices/:ref', async (c) => {
  const { db, now, principal } = c.var
  const found = await findInvoice(db, c.req.param('ref'))
  if (!found) throw notFound('invoice', c.req.param('ref'))
  const { invoice, allocated, settlement } = found
  const [contract, payments, creditNotes, entries, todayOf] = await Promise.all([
    findContract(db, invoice.contractRef),
    paymentsOfInvoice(db, invoice.id),
    creditNotesOfInvoice(db, invoice.id),
    listEntries(db, { limit: 100, invoiceId: invoice.id }),
    sellersToday(db, now),
  ])
  return c.html(
    <InvoicePage
      operator={principal.label}
      invoice={invoice}
      allocated={allocated}
      settlement={settlement}
      payments={payments}
      creditNotes={creditNotes}
      entries={entries.rows}
      today={todayOf(invoice.entityRef)}
      terms={contract?.terms ?? { timezone: 'UTC' }}
      hostedUrl={c.env.LINK_SECRET && hostedUrl(publicUrl(c), c.env.LINK_SECRET, invoice.id)}
    />,
  )
})

moneyPages.get('/payments', async (c) => {
  const { db, principal } = c.var
  const query = c.req.query()
  const show = query.show === 'unapplied' ? query.show : ''
  const page = await listPayments(db, { ...pageOfQuery(query), unapplied: show === 'unapplied' })
  const names = await customerNames(
    db,
    page.rows.map(({ customerRef }) => customerRef),
  )
  return c.html(<PaymentsPage operator={principal.label} show={show} page={page} names={names} />)
})

moneyPages.get('/payments/:id', async (c) => {
  const { db, principal } = c.var
  const found = await findPayment(db, c.req.param('id'))
  if (!found) throw notFound('payment', c.req.param('id'))
  const { customerRef } = found.payment
  const [numbers, names] = await Promise.all([
    invoiceNumbers(
      db,
      found.allocations.map(({ invoiceId }) => invoiceId),
    ),
    customerNames(db, [customerRef]),
  ])
  const customerName = customerRef === null ? undefined : names.get(customerRef)
  const offered = allows(principal, 'finance') ? await invoicesFor(db, found) : undefined
  const shown = { operator: principal.label, found, customerName, numbers, openInvoices: offered }
  return c.html(<PaymentPage {...shown} />)
})

moneyPages.post('/payments/:id/apply', csrfGuard, requireOperator('finance'), async (c) => {
  const id = c.req.param('id')
  const { invoice_ref: invoiceRef, reason } = parsed(applyBody, await c.req.parseBody())
  await applyPayment(c.var.db, c.var, id, { invoiceRef, reason, key: c.var.requestId })
  return c.redirect(`/console/payments/${encodeURIComponent(id)}`, 303)
})

/** The open invoices that a payment, of which something waits, is offered; the oldest due first. */
async function invoicesFor(db: Db, { payment, allocations, credit, refunded }: FoundPayment) {
  const applied = sum(allocations.map(({ amount }) => amount))
  if (unappliedOf({ ...payment, applied, credit, refunded }) === 0n) return undefined
  const { entityRef, currency, customerRef } = payment
  const open = await openInvoices(db, { entityRef, currency, customerRef: customerRef ?? undefined })
  const offered = open.slice(0, OFFERED)
  const names = await customerNames(
    db,
    offered.map((invoice) => invoice.customerRef),
  )
  return offered.map(({ number, total, allocated, customerRef: ref }) => ({
    number,
    open: total - allocated,
    currency,
    customerName: names.get(ref) ?? ref,
  }))
}
