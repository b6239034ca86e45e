import type { FC } from 'hono/jsx'
import type { ZoneTerms } from '../contracts/periods/zone.ts'
import { usageOfLine } from '../invoicing/charges/line-usage.ts'
import type { Invoice, InvoiceLine } from '../invoicing/invoice.ts'
import { toIso } from '../kernel/calendar.ts'
import { Money } from '../web/money.tsx'
import { type Column, Table } from '../web/table.tsx'
import { PeriodText } from '../web/time.tsx'
import { journalPath } from './report-links.ts'
import { usagePath } from './usage.page.tsx'
import { inWords } from './words.ts'

/** Each line with what it was made of, and what became of it: its usage events, and its revenue in the journal, or the credit that it sold. */
export const InvoiceLines: FC<{ invoice: Invoice; terms: ZoneTerms }> = ({ invoice, terms }) => (
  <Table
    caption="Lines and what they were made of"
    hideCaption
    columns={columnsOf(invoice, terms)}
    rows={invoice.lines}
    empty="This invoice was taken over without its lines."
  />
)

const columnsOf = (invoice: Invoice, terms: ZoneTerms): Column<InvoiceLine>[] => [
  {
    head: 'Line',
    kind: 'name',
    cell: ({ id, description }) => <span id={id}>{description}</span>,
  },
  { head: 'Kind', cell: ({ kind }) => inWords(kind) },
  {
    head: 'Service',
    cell: ({ serviceStart, serviceEnd }) => <PeriodText start={serviceStart} end={serviceEnd} />,
  },
  {
    head: 'Amount',
    kind: 'figure',
    cell: ({ netAmount }) => <Money amount={netAmount} currency={invoice.currency} />,
  },
  {
    head: 'Behind it',
    cell: (line) => (
      <>
        <UsageLink invoice={invoice} line={line} terms={terms} />
        {line.sellsCredit ? (
          <a href={`/console/customers/${encodeURIComponent(invoice.customerRef)}#credit`}>Credit</a>
        ) : (
          <a href={revenuePath(invoice, line)}>Revenue</a>
        )}
      </>
    ),
  },
]

const UsageLink: FC<{ invoice: Invoice; line: InvoiceLine; terms: ZoneTerms }> = ({
  invoice,
  line,
  terms,
}) => {
  const usage = usageOfLine(line, terms)
  if (!usage) return null
  const query = { product_ref: usage.productRef, from: toIso(usage.from), to: toIso(usage.to) }
  return (
    <>
      <a href={usagePath(invoice.customerRef, query)}>Usage events</a>
      {' · '}
    </>
  )
}

const revenuePath = (invoice: Invoice, { productRef }: InvoiceLine): string =>
  journalPath({ account: 'revenue', invoice: invoice.id, product_ref: productRef })
