import type { FC } from 'hono/jsx'
import type { InvoiceSummary } from '../invoicing/invoicing.store.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { PaymentSummary } from '../payments/payments.store.ts'
import { Money } from '../web/money.tsx'
import { Status } from '../web/status.tsx'
import { Table } from '../web/table.tsx'
import { ConsolePage, Panel } from './console.page.tsx'
import { type InvoiceColumnsContext, invoiceColumns } from './invoices.page.tsx'
import { AGES, type CurrencyOverview } from './overview.ts'
import { unappliedOf } from './payments.page.tsx'
import { inWords } from './words.ts'

export type OverviewProps = InvoiceColumnsContext & {
  operator: string
  today: LocalDate
  money: CurrencyOverview[]
  unapplied: PaymentSummary[]
  parked: { rows: { id: string; topic: string; lastError: string | null }[]; count: number }
  unbilled: { customers: string[]; products: string[] }
  latest: InvoiceSummary[]
}

export const OverviewPage: FC<OverviewProps> = (props) => (
  <ConsolePage room="Overview" title="Overview" operator={props.operator}>
    <section aria-labelledby="tasks" class="stack">
      <h2 id="tasks">Needs a person</h2>
      <ul class="tasks">
        <UnappliedTask unapplied={props.unapplied} />
        <UnbilledTask {...props.unbilled} />
        <ParkedTask {...props.parked} />
      </ul>
    </section>
    {props.money.length === 0 && <Welcome />}
    {props.money.map((row) => (
      <CurrencyPanel row={row} />
    ))}
    <Panel id="latest" title="Latest invoices">
      <Table
        caption="The latest invoices"
        hideCaption
        columns={invoiceColumns(props)}
        rows={props.latest}
        empty="No invoice has been issued yet."
      />
    </Panel>
  </ConsolePage>
)

const Clear: FC = () => <Status word="Nothing to do" shape="check" tone="good" />

const UnappliedTask: FC<{ unapplied: PaymentSummary[] }> = ({ unapplied }) => (
  <li>
    <h3>Unapplied payments</h3>
    {unapplied.length === 0 ? (
      <Clear />
    ) : (
      <>
        <Status word={counted(unapplied.length, 'payment', 'payments')} shape="triangle" tone="warn" />
        <p>
          {unapplied.slice(0, 3).map((payment) => (
            <>
              <Money amount={unappliedOf(payment)} currency={payment.currency} />{' '}
            </>
          ))}
          <a href="/console/payments?show=unapplied">Look at them</a>
        </p>
      </>
    )}
  </li>
)

const UnbilledTask: FC<{ customers: string[]; products: string[] }> = ({ customers, products }) => (
  <li>
    <h3>Usage that no contract bills</h3>
    {customers.length + products.length === 0 ? (
      <Clear />
    ) : (
      <>
        <Status word="Set up what was heard of" shape="triangle" tone="warn" />
        {customers.length > 0 && <p>Customers: {customers.join(', ')}</p>}
        {products.length > 0 && <p>Products: {products.join(', ')}</p>}
      </>
    )}
  </li>
)

const ParkedTask: FC<OverviewProps['parked']> = ({ rows, count }) => (
  <li>
    <h3>Effects that failed</h3>
    {count === 0 ? (
      <Clear />
    ) : (
      <>
        <Status word={`${count} parked`} shape="cross" tone="bad" />
        {rows.map((row) => (
          <p>
            {inWords(row.topic)}: {row.lastError}
          </p>
        ))}
      </>
    )}
  </li>
)

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

const CurrencyPanel: FC<{ row: CurrencyOverview }> = ({ row }) => {
  const { currency } = row
  return (
    <Panel id={`money-${currency}`} title={currency}>
      <dl class="sums">
        <div>
          <dt>Outstanding</dt>
          <dd>
            <a href="/console/invoices?state=open">
              <Money amount={row.outstanding} currency={currency} />
            </a>
          </dd>
        </div>
        <Sum
          label="Overdue"
          amount={row.overdue}
          currency={currency}
          tone={row.overdue > 0n ? 'bad' : undefined}
        />
        <Sum label="Collected this month" amount={row.collected} currency={currency} />
        <Sum label="Recognised this month" amount={row.recognised} currency={currency} />
        <Sum label="Deferred revenue" amount={row.deferred} currency={currency} />
        <Sum label="Unbilled receivables" amount={row.unbilled} currency={currency} />
      </dl>
      {row.outstanding > 0n && <Ages row={row} />}
    </Panel>
  )
}

type SumProps = { label: string; amount: bigint; currency: string; tone?: string | undefined }

const Sum: FC<SumProps> = ({ label, amount, currency, tone }) => (
  <div>
    <dt>{label}</dt>
    <dd class={tone}>
      <Money amount={amount} currency={currency} />
    </dd>
  </div>
)

const Ages: FC<{ row: CurrencyOverview }> = ({ row }) => (
  <Table
    caption="Outstanding by days past the due date"
    columns={AGES.map(({ name }, place) => ({
      head: name,
      kind: 'figure' as const,
      cell: (ages: bigint[]) => <Money amount={ages[place] ?? 0n} currency={row.currency} />,
    }))}
    rows={[row.ages]}
    empty=""
  />
)

const Welcome: FC = () => (
  <p class="empty">
    No money has moved yet. The <a href="/docs">API</a> takes sellers, customers, contracts and usage;
    invoices follow.
  </p>
)
