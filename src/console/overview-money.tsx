import type { FC } from 'hono/jsx'
import type { Minor } from '../kernel/money.ts'
import type { AccountRole } from '../ledger/account.ts'
import { Amount } from '../web/money.tsx'
import type { Tone } from '../web/status.tsx'
import { Table, withQuery } from '../web/table.tsx'
import { Panel } from './console.page.tsx'
import { AGES, type CurrencyOverview } from './overview.ts'

/** The money in one currency: receivables, and revenue. Every number leads to the rows behind it. */
export const CurrencyPanel: FC<{ row: CurrencyOverview }> = ({ row }) => {
  const { currency } = row
  return (
    <Panel id={`money-${currency}`} title={currency}>
      <div class="money-panel">
        <dl class="sums">
          <Sum
            label="Outstanding"
            amount={row.outstanding}
            currency={currency}
            path="/console/invoices?state=open"
          />
          <Sum
            label="Overdue"
            amount={row.overdue}
            currency={currency}
            path="/console/invoices?state=open"
            tone={row.overdue > 0n ? 'bad' : undefined}
          />
          <Sum
            label="Collected this month"
            amount={row.collected}
            currency={currency}
            path="/console/payments"
          />
          <Sum
            label="Recognised this month"
            amount={row.recognised}
            currency={currency}
            path={journalOf('revenue')}
          />
          <Sum
            label="Deferred revenue"
            amount={row.deferred}
            currency={currency}
            path={journalOf('contract_position')}
          />
          <Sum
            label="Unbilled receivables"
            amount={row.unbilled}
            currency={currency}
            path={journalOf('contract_position')}
          />
        </dl>
        <Ages row={row} />
      </div>
    </Panel>
  )
}

const journalOf = (account: AccountRole): string => withQuery('/console/journal', { account })

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
