import type { FC } from 'hono/jsx'
import type { InvoiceSummary } from '../invoicing/invoicing.store.ts'
import type { Paged } from '../kernel/page.ts'
import { Money } from '../web/money.tsx'
import { STANDING_LOOKS, standingOf } from '../web/standing.ts'
import { Status } from '../web/status.tsx'
import { type Column, Pagination, Table } from '../web/table.tsx'
import { DateText } from '../web/time.tsx'
import { ConsolePage, Filters } from './console.page.tsx'
import type { TodayOf } from './lookups.store.ts'

export type InvoiceColumnsContext = { names: Map<string, string>; todayOf: TodayOf }

/** The columns of every list of invoices; without `names` the customer is left out, who is then named above it. */
export const invoiceColumns = ({ names, todayOf }: Partial<InvoiceColumnsContext> & { todayOf: TodayOf }) => {
  const customer: Column<InvoiceSummary> = {
    head: 'Customer',
    cell: ({ customerRef }) => (
      <a href={`/console/customers/${encodeURIComponent(customerRef)}`}>
        {names?.get(customerRef) ?? customerRef}
      </a>
    ),
  }
  const columns: Column<InvoiceSummary>[] = [
    {
      head: 'Invoice',
      kind: 'name',
      cell: ({ id, number }) => <a href={`/console/invoices/${id}`}>{number}</a>,
    },
    ...(names ? [customer] : []),
    {
      head: 'State',
      cell: (invoice) => (
        <Status {...STANDING_LOOKS[standingOf(invoice, invoice.settlement, todayOf(invoice.entityRef))]} />
      ),
    },
    { head: 'Issued', cell: ({ issueDate }) => <DateText date={issueDate} /> },
    { head: 'Due', cell: ({ dueDate }) => <DateText date={dueDate} /> },
    {
      head: 'Total',
      kind: 'figure',
      cell: ({ total, currency }) => <Money amount={total} currency={currency} />,
    },
    {
      head: 'Left to pay',
      kind: 'figure',
      cell: ({ total, allocated, currency }) =>
        total > allocated ? (
          <Money amount={total - allocated} currency={currency} />
        ) : (
          <span class="soft">—</span>
        ),
    },
  ]
  return columns
}

/** What the list can be filtered by, as it stands in the address. */
const INVOICE_STATES = [
  ['', 'All'],
  ['open', 'To be paid'],
  ['partly_paid', 'Partly paid'],
  ['paid', 'Paid'],
] as const

type InvoicesProps = InvoiceColumnsContext & { operator: string; state: string; page: Paged<InvoiceSummary> }

export const InvoicesPage: FC<InvoicesProps> = ({ operator, state, page, ...context }) => (
  <ConsolePage room="Invoices" title="Invoices" operator={operator}>
    <Filters label="State" path="/console/invoices" param="state" now={state} choices={INVOICE_STATES} />
    <section class="panel">
      <Table
        caption="Invoices, the latest first"
        hideCaption
        columns={invoiceColumns(context)}
        rows={page.rows}
        empty={state ? 'No invoice is in this state.' : 'No invoice has been issued yet.'}
      />
      <Pagination path="/console/invoices" query={{ state }} nextCursor={page.nextCursor} />
    </section>
  </ConsolePage>
)
