import { findCustomer } from '../customers/customers.store.ts'
import { createRouter } from '../http/router.http.ts'
import { notFound } from '../kernel/problem.ts'
import { eventPage } from '../usage/event-page.job.ts'
import { instantOfQuery, pageOfQuery } from './page-query.ts'
import { UsagePage } from './usage.page.tsx'

/** What was used: the events behind a line of an invoice. */
export const usagePages = createRouter()

usagePages.get('/customers/:ref/events', async (c) => {
  const { db, principal } = c.var
  const customerRef = c.req.param('ref')
  const customer = await findCustomer(db, customerRef)
  if (!customer) throw notFound('customer', customerRef)
  const asked = c.req.query()
  const filter = {
    productRef: asked.product_ref,
    from: instantOfQuery(asked.from),
    to: instantOfQuery(asked.to),
  }
  const page = await eventPage(c.env, customerRef, { ...filter, ...pageOfQuery(asked) })
  const query = { product_ref: asked.product_ref, from: asked.from, to: asked.to }
  const shown = { operator: principal.label, customerRef, customerName: customer.name, query, page }
  return c.html(<UsagePage {...shown} />)
})
