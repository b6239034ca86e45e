import type { FC } from 'hono/jsx'
import { groupDigits } from '../kernel/digits.ts'
import type { Paged } from '../kernel/page.ts'
import type { StoredEvent } from '../usage/meter/event-list.store.ts'
import { Status } from '../web/status.tsx'
import { type Column, Pagination, Table, withQuery } from '../web/table.tsx'
import { InstantText } from '../web/time.tsx'
import { ConsolePage } from './console.page.tsx'
import { instantOfQuery } from './page-query.ts'

export type UsageQuery = {
  product_ref?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

/** The raw events of a customer. */
export const usagePath = (customerRef: string, query: UsageQuery): string =>
  withQuery(`/console/customers/${encodeURIComponent(customerRef)}/events`, query)

type UsageProps = {
  operator: string
  customerRef: string
  customerName: string
  query: UsageQuery
  page: Paged<StoredEvent>
}

export const UsagePage: FC<UsageProps> = ({ operator, customerRef, customerName, query, page }) => (
  <ConsolePage room="Customers" up title={`Usage of ${customerName}`} operator={operator}>
    <p class="hint">
      {query.product_ref ? `Events of ${query.product_ref}` : 'Events of all products'}
      <Bound word="from" text={query.from} />
      <Bound word="up to" text={query.to} />, as they count by now, the latest first.
    </p>
    <section class="panel">
      <Table
        caption="Usage events"
        hideCaption
        columns={EVENT_COLUMNS}
        rows={page.rows}
        empty="No event lies here."
      />
      <Pagination path={usagePath(customerRef, {})} query={query} nextCursor={page.nextCursor} />
    </section>
  </ConsolePage>
)

const Bound: FC<{ word: string; text: string | undefined }> = ({ word, text }) => {
  const at = instantOfQuery(text)
  if (at === undefined) return null
  return (
    <>
      {` ${word} `}
      <InstantText at={at} />
    </>
  )
}

const EVENT_COLUMNS: Column<StoredEvent>[] = [
  { head: 'Time', kind: 'name', cell: ({ at }) => <InstantText at={at} /> },
  { head: 'Product', cell: ({ event }) => String(event.usage_product_ref) },
  { head: 'Quantity', kind: 'figure', cell: ({ event }) => groupDigits(String(event.quantity)) },
  { head: 'Data', cell: ({ event }) => <ReportData of={event.additional_report_data} /> },
  { head: 'Event', cell: ({ eventId }) => <code>{eventId}</code> },
  {
    head: 'State',
    cell: ({ amended }) => amended && <Status word="Amended" shape="half" tone="info" />,
  },
]

const ReportData: FC<{ of: unknown }> = ({ of }) => (
  <>
    {Object.entries(Object(of) as Record<string, unknown>)
      .map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
      .join(', ')}
  </>
)
