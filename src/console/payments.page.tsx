import type { FC } from 'hono/jsx'
import type { Minor } from '../kernel/money.ts'
import type { Paged } from '../kernel/page.ts'
import type { FoundPayment, PaymentSummary } from '../payments/payments.store.ts'
import { Facts } from '../web/facts.tsx'
import { Money } from '../web/money.tsx'
import { Status } from '../web/status.tsx'
import { type Column, Pagination, Table } from '../web/table.tsx'
import { DateText, InstantText } from '../web/time.tsx'
import { ConsolePage, Filters, Panel } from './console.page.tsx'
import { inWords } from './words.ts'

/** What still waits for a decision. */
export const unappliedOf = ({ amount, applied, credit }: PaymentSummary): Minor => amount - applied - credit

type PaymentColumnsContext = { names?: Map<string, string> | undefined }

export const paymentColumns = ({ names }: PaymentColumnsContext): Column<PaymentSummary>[] => [
  {
    head: 'Received',
    kind: 'name',
    cell: ({ id, receivedOn }) => (
      <a href={`/console/payments/${id}`}>
        <DateText date={receivedOn} />
      </a>
    ),
  },
  { head: 'Rail', cell: ({ rail }) => inWords(rail) },
  ...(names
    ? [
        {
          head: 'Customer',
          cell: ({ customerRef }: PaymentSummary) => customerRef && (names.get(customerRef) ?? customerRef),
        },
      ]
    : []),
  { head: 'Payer', cell: ({ payer }) => payer.name ?? payer.account ?? '' },
  { head: 'Reference', cell: ({ reference }) => <span class="clip">{reference}</span> },
  { head: 'State', cell: (payment) => <PaymentState payment={payment} /> },
  {
    head: 'Amount',
    kind: 'figure',
    cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
  },
]

const PaymentState: FC<{ payment: PaymentSummary }> = ({ payment }) => {
  const left = unappliedOf(payment)
  if (left === 0n) return <Status word="Applied" shape="check" tone="good" />
  return left === payment.amount ? (
    <Status word="Unapplied" shape="triangle" tone="warn" />
  ) : (
    <Status word="Partly applied" shape="half" tone="warn" />
  )
}

export const PAYMENT_FILTERS = [
  ['', 'All'],
  ['unapplied', 'Unapplied'],
] as const

type PaymentsProps = {
  operator: string
  show: string
  page: Paged<PaymentSummary>
  names: Map<string, string>
}

export const PaymentsPage: FC<PaymentsProps> = ({ operator, show, page, names }) => (
  <ConsolePage room="Payments" title="Payments" operator={operator}>
    <Filters label="Show" path="/console/payments" param="show" now={show} choices={PAYMENT_FILTERS} />
    <section class="panel">
      <Table
        caption="Payments, the latest first"
        hideCaption
        columns={paymentColumns({ names })}
        rows={page.rows}
        empty={show ? 'Every payment is applied.' : 'No payment has arrived yet.'}
      />
      <Pagination path="/console/payments" query={{ show }} nextCursor={page.nextCursor} />
    </section>
  </ConsolePage>
)

type PaymentProps = { operator: string; found: FoundPayment; numbers: Map<string, string> }

export const PaymentPage: FC<PaymentProps> = ({
  operator,
  found: { payment, match, allocations, credit },
  numbers,
}) => {
  const applied = allocations.reduce((sum, { amount }) => sum + amount, 0n)
  const summary: PaymentSummary = { ...payment, applied, credit: credit?.amount ?? 0n }
  return (
    <ConsolePage
      room="Payments"
      up
      title="Payment"
      operator={operator}
      beside={<PaymentState payment={summary} />}
    >
      <div class="columns">
        <Panel id="facts" title="What arrived">
          <PaymentFacts payment={summary} />
        </Panel>
        <Panel id="match" title="How it was matched">
          <p>
            <strong>{inWords(match.rule)}.</strong> {match.explanation}
          </p>
          <p class="hint">
            By {match.actor}, <InstantText at={match.decidedAt} />
          </p>
        </Panel>
      </div>
      <Panel id="allocations" title="Applied to">
        <Table
          caption="Invoices that this payment was applied to"
          hideCaption
          columns={allocationColumns(numbers, payment.currency)}
          rows={allocations}
          empty="No invoice has taken anything of this payment."
        />
      </Panel>
    </ConsolePage>
  )
}

const PaymentFacts: FC<{ payment: PaymentSummary }> = ({ payment }) => {
  const { currency, customerRef, payer } = payment
  return (
    <Facts
      items={[
        ['Amount', <Money amount={payment.amount} currency={currency} />],
        ['Received', <DateText date={payment.receivedOn} />],
        ['Rail', inWords(payment.rail)],
        [
          'Customer',
          customerRef && <a href={`/console/customers/${encodeURIComponent(customerRef)}`}>{customerRef}</a>,
        ],
        ['Payer', [payer.name, payer.account].filter(Boolean).join(', ')],
        ['Reference', payment.reference],
        ["The rail's identity", <code>{payment.externalKey}</code>],
        ['Applied', <Money amount={payment.applied} currency={currency} />],
        ['Customer credit', payment.credit > 0n && <Money amount={payment.credit} currency={currency} />],
        ['Unapplied', <Money amount={unappliedOf(payment)} currency={currency} />],
      ].filter((item): item is [string, NonNullable<unknown> & string] => Boolean(item[1]))}
    />
  )
}

const allocationColumns = (
  numbers: Map<string, string>,
  currency: string,
): Column<FoundPayment['allocations'][number]>[] => [
  {
    head: 'Invoice',
    kind: 'name',
    cell: ({ invoiceId }) => (
      <a href={`/console/invoices/${invoiceId}`}>{numbers.get(invoiceId) ?? invoiceId}</a>
    ),
  },
  { head: 'Rule', cell: ({ rule }) => inWords(rule) },
  { head: 'Why', cell: ({ explanation }) => explanation },
  { head: 'Applied', kind: 'figure', cell: ({ amount }) => <Money amount={amount} currency={currency} /> },
]
