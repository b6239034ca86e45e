import type { FC } from 'hono/jsx'
import type { Minor } from '../kernel/money.ts'
import { Amount } from '../web/money.tsx'
import type { Tone } from '../web/status.tsx'
import { Table, withQuery } from '../web/table.tsx'
import { Panel } from './console.page.tsx'
import { AGES, type CurrencyOverview } from './overview.ts'
import type { ReportName } from './report-view.ts'

/** The money in one currency: receivables, and revenue. Every number leads to the rows behind it. */
export const CurrencyPanel: FC<{ row: CurrencyOverview }> = ({ row }) => (
  <Panel id={`money-${row.currency}`} title={row.currency}>
    <div class="money-panel">
      <dl class="sums">
        {sumsOf(row).map((sum) => (
          <Sum currency={row.currency} {...sum} />
        ))}
      </dl>
      <Ages row={row} />
    </div>
  </Panel>
)

const OPEN_INVOICES = '/console/invoices?state=open'
const reportOf = (report: ReportName): string => withQuery('/console/reports', { report })

const sumsOf = (row: CurrencyOverview): Omit<SumProps, 'currency'>[] => [
  { label: 'Outstanding', amount: row.outstanding, path: OPEN_INVOICES },
  {
    label: 'Overdue',
    amount: row.overdue,
    path: OPEN_INVOICES,
    tone: row.overdue > 0n ? 'bad' : undefined,
  },
  { label: 'Collected this month', amount: row.collected, path: '/console/payments' },
  { label: 'Recognised this month', amount: row.recognised, path: reportOf('days') },
  { label: 'Deferred revenue', amount: row.deferred, path: reportOf('deferred') },
  { label: 'Unbilled receivables', amount: row.unbilled, path: reportOf('balances') },
]

type SumProps = {
  label: string
  amount: Minor
  currency: string
  tone?: Tone | undefined
  path?: string | undefined
}

const Sum: FC<SumProps> = ({ label, amount, currency, tone, path }) => {
  const shown = <Amount amount={amount} currency={currency} />
  return (
    <div>
      <dt>{label}</dt>
      <dd class={tone}>{path ? <a href={path}>{shown}</a> : shown}</dd>
    </div>
  )
}

/** What is outstanding by its age: a picture, and the table that it is a picture of. */
const Ages: FC<{ row: CurrencyOverview }> = ({ row: { ages, outstanding, currency } }) => (
  <div class="ages">
    <p class="hint">Outstanding by days past the due date</p>
    <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      {sharesOf(ages, outstanding).map(({ from, width }, place) => (
        <rect class={`age-${place}`} x={from} width={width} height="1" fill="currentColor" />
      ))}
    </svg>
    <Table
      caption={`Outstanding by age, ${currency}`}
      hideCaption
      rows={AGES.map(({ name }, place) => ({ name, place, amount: ages[place] ?? 0n }))}
      empty=""
      columns={[
        {
          head: 'Age',
          kind: 'name',
          cell: ({ name, place }) => (
            <>
              <span class={`key age-${place}`} />
              {name}
            </>
          ),
        },
        {
          head: 'Amount',
          kind: 'figure',
          cell: ({ amount }) => <Amount amount={amount} currency={currency} />,
        },
      ]}
    />
  </div>
)

/** Percent of the whole, for the picture only. */
function sharesOf(amounts: readonly Minor[], whole: Minor): { from: number; width: number }[] {
  let from = 0
  return amounts.map((amount) => {
    const share = { from, width: whole === 0n ? 0 : Number((amount * 10_000n) / whole) / 100 }
    from += share.width
    return share
  })
}
