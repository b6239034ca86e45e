import type { FC } from 'hono/jsx'
import type { ZoneTerms } from '../contracts/periods/zone.ts'
import type { CreditNote } from '../invoicing/corrections/credit-note-document.ts'
import { invoiceDocument } from '../invoicing/documents/document.ts'
import type { Invoice } from '../invoicing/invoice.ts'
import type { Settlement } from '../invoicing/settlement.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { type Minor, sum } from '../kernel/money.ts'
import type { PostedEntry } from '../ledger/lines.store.ts'
import type { Payment } from '../payments/payment.ts'
import { InvoiceBill } from '../web/bill.tsx'
import { Copyable, Facts } from '../web/facts.tsx'
import { Money } from '../web/money.tsx'
import { STANDING_LOOKS, standingOf } from '../web/standing.ts'
import { Status } from '../web/status.tsx'
import { type Column, Table } from '../web/table.tsx'
import { DateText, PeriodText } from '../web/time.tsx'
import { ConsolePage, Panel } from './console.page.tsx'
import { InvoiceLines } from './invoice-lines.tsx'
import { JournalEntries } from './journal.page.tsx'
import { longText } from './payments.page.tsx'
import { inWords } from './words.ts'

type Applied = Payment & { applied: Minor }

type InvoiceProps = {
  operator: string
  invoice: Invoice
  allocated: Minor
  settlement: Settlement
  payments: Applied[]
  creditNotes: CreditNote[]
  entries: PostedEntry[]
  today: LocalDate
  /** In whose days the lines are counted. */
  terms: ZoneTerms
  /** The customer's page; undefined while LINK_SECRET is not set. */
  hostedUrl: string | undefined
}

export const InvoicePage: FC<InvoiceProps> = (props) => {
  const { operator, invoice, allocated, settlement, entries, today, terms, hostedUrl } = props
  return (
    <ConsolePage
      room="Invoices"
      up
      title={invoice.number}
      operator={operator}
      beside={<Status {...STANDING_LOOKS[standingOf(invoice, settlement, today)]} />}
    >
      <div class="columns">
        <Panel id="facts" title="Invoice">
          <InvoiceFacts invoice={invoice} allocated={allocated} />
        </Panel>
        <Panel id="link" title="The customer's page">
          <CustomerLink url={hostedUrl} />
        </Panel>
      </div>
      <InvoiceBill document={invoiceDocument(invoice, settlement)} />
      <Panel id="lines" title="Where the lines come from">
        <InvoiceLines invoice={invoice} terms={terms} />
      </Panel>
      <Panel id="payments" title="Payments">
        <InvoicePayments payments={props.payments} />
      </Panel>
      {props.creditNotes.length > 0 && <CreditNotes creditNotes={props.creditNotes} />}
      <Panel id="entries" title="Journal entries">
        <InvoiceEntries entries={entries} currency={invoice.currency} />
      </Panel>
    </ConsolePage>
  )
}

/** Entries that many days have alike are told in one line first. */
const FEW = 3

const InvoiceEntries: FC<{ entries: PostedEntry[]; currency: string }> = ({ entries, currency }) => {
  const { true: daily = [], false: others = [] } = Object.groupBy(entries, ({ event }) =>
    event === 'revenue_recognised' ? 'true' : 'false',
  )
  if (daily.length <= FEW) return <JournalEntries entries={entries} />
  const revenue = daily.flatMap(({ postings }) => postings.filter(({ account }) => account === 'revenue'))
  return (
    <div class="stack">
      <JournalEntries entries={others} />
      <details>
        <summary>
          Revenue recognised in {daily.length} entries:{' '}
          <Money amount={-sum(revenue.map(({ amount }) => amount))} currency={currency} />
        </summary>
        <JournalEntries entries={daily} />
      </details>
    </div>
  )
}

const CreditNotes: FC<{ creditNotes: CreditNote[] }> = ({ creditNotes }) => (
  <Panel id="credit-notes" title="Credit notes">
    <Table
      caption="Credit notes for this invoice"
      hideCaption
      columns={CREDIT_NOTE_COLUMNS}
      rows={creditNotes}
      empty=""
    />
  </Panel>
)

const InvoicePayments: FC<{ payments: Applied[] }> = ({ payments }) => (
  <Table
    caption="Payments applied to this invoice"
    hideCaption
    columns={PAYMENT_COLUMNS}
    rows={payments}
    empty="Nothing has been paid yet."
  />
)

const InvoiceFacts: FC<{ invoice: Invoice; allocated: Minor }> = ({ invoice, allocated }) => (
  <Facts
    items={[
      [
        'Customer',
        <a href={`/console/customers/${encodeURIComponent(invoice.customerRef)}`}>
          {invoice.parties.buyer.name}
        </a>,
      ],
      [
        'Contract',
        invoice.contractRef !== '' && (
          <a href={`/console/contracts/${encodeURIComponent(invoice.contractRef)}`}>
            {invoice.parties.contract_number}
          </a>
        ),
      ],
      ['Seller', invoice.parties.seller.name],
      ['Billing period', <PeriodText start={invoice.periodStart} end={invoice.periodEnd} />],
      ['Issued', <DateText date={invoice.issueDate} />],
      ['Due', <DateText date={invoice.dueDate} />],
      ['Total', <Money amount={invoice.total} currency={invoice.currency} />],
      ['Left to pay', <Money amount={invoice.total - allocated} currency={invoice.currency} />],
      [
        'Payment reference',
        <Copyable
          value={invoice.paymentReference}
          copy={invoice.paymentReference}
          what="payment reference"
        />,
      ],
    ]}
  />
)

const CustomerLink: FC<{ url: string | undefined }> = ({ url }) =>
  url ? <LinkToShare url={url} /> : <p class="empty">Set LINK_SECRET to give out links.</p>

const LinkToShare: FC<{ url: string }> = ({ url }) => (
  <div class="stack">
    <p class="soft">Whoever holds this link may see the invoice and pay it.</p>
    <Copyable value={url} copy={url} what="link" />
    <p class="actions">
      <a class="button" href={url}>
        Open
      </a>
      <a class="button" href={`${url}/pdf`}>
        PDF
      </a>
    </p>
  </div>
)

const CREDIT_NOTE_COLUMNS: Column<CreditNote>[] = [
  { head: 'Number', kind: 'name', cell: ({ number }) => number },
  { head: 'Issued', cell: ({ issueDate }) => <DateText date={issueDate} /> },
  { head: 'Reason', cell: ({ reason }) => reason },
  {
    head: 'Total',
    kind: 'figure',
    cell: ({ total, currency }) => <Money amount={total} currency={currency} />,
  },
  {
    head: 'Kept as credit',
    kind: 'figure',
    cell: ({ released, currency }) => <Money amount={released} currency={currency} />,
  },
]

const PAYMENT_COLUMNS: Column<Applied>[] = [
  {
    head: 'Received',
    kind: 'name',
    cell: ({ id, receivedOn }) => (
      <a href={`/console/payments/${id}`}>
        <DateText date={receivedOn} />
      </a>
    ),
  },
  { head: 'Paid by', cell: ({ rail }) => inWords(rail) },
  { head: 'Payer', cell: ({ payer }) => longText(payer.name ?? payer.account) },
  {
    head: 'Payment',
    kind: 'figure',
    cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
  },
  {
    head: 'Applied',
    kind: 'figure',
    cell: ({ applied, currency }) => <Money amount={applied} currency={currency} />,
  },
]
