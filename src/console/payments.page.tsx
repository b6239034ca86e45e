import type { FC } from 'hono/jsx'
import type { Minor } from '../kernel/money.ts'
import type { Paged } from '../kernel/page.ts'
import type { PaymentSummary } from '../payments/payments.store.ts'
import { Money } from '../web/money.tsx'
import { Status } from '../web/status.tsx'
import { type Column, Pagination, Table } from '../web/table.tsx'
import { DateText } from '../web/time.tsx'
import { ConsolePage, Filters } from './console.page.tsx'
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
  { head: 'Paid by', cell: ({ rail }) => inWords(rail) },
  ...(names
    ? [
        {
          head: 'Customer',
          cell: ({ customerRef }: PaymentSummary) =>
            customerRef && (
              <a href={`/console/customers/${encodeURIComponent(customerRef)}`}>
                {names.get(customerRef) ?? customerRef}
              </a>
            ),
        },
      ]
    : []),
  { head: 'Payer', cell: ({ payer }) => longText(payer.name ?? payer.account) },
  { head: 'Reference', cell: ({ reference }) => longText(reference) },
  { head: 'State', cell: (payment) => <PaymentState payment={payment} /> },
  {
    head: 'Amount',
    kind: 'figure',
    cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
  },
]

/** What has no blanks to break at, such as the address of a wallet. */
export const longText = (text: string | null | undefined) => text && <span class="long">{text}</span>

export const PaymentState: FC<{ payment: PaymentSummary }> = ({ payment }) => {
  const left = unappliedOf(payment)
  if (left === 0n) return <Status word="Applied" shape="check" tone="good" />
  return left === payment.amount ? (
    <Status word="Unapplied" shape="triangle" tone="warn" />
  ) : (
    <Status word="Partly applied" shape="half" tone="warn" />
  )
}

const PAYMENT_FILTERS = [
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
