import type { FC } from 'hono/jsx'
import type { LocalDate } from '../kernel/calendar.ts'
import { sum } from '../kernel/money.ts'
import type { AccountBalance } from '../ledger/trial-balance.ts'
import { Figures } from '../web/money.tsx'
import { Status } from '../web/status.tsx'
import { type Column, EmptyState, Table, withQuery } from '../web/table.tsx'
import { ConsolePage, Panel } from './console.page.tsx'
import { inWords } from './words.ts'

type TrialBalanceProps = { operator: string; asOf: LocalDate; balances: AccountBalance[]; balanced: boolean }

export const TrialBalancePage: FC<TrialBalanceProps> = ({ operator, asOf, balances, balanced }) => (
  <ConsolePage
    room="Trial balance"
    title="Trial balance"
    operator={operator}
    beside={
      balanced ? (
        <Status word="Balanced" shape="check" tone="good" />
      ) : (
        <Status word="Out of balance" shape="triangle" tone="bad" />
      )
    }
  >
    <form class="actions" method="get" action="/console/trial-balance">
      <label for="as_of">As of</label>
      <input id="as_of" name="as_of" type="date" value={asOf} required />
      <button type="submit" class="button">
        Show
      </button>
    </form>
    {balances.length === 0 && <EmptyState>Nothing has been posted up to this day.</EmptyState>}
    {[...Map.groupBy(balances, ({ currency }) => currency)].map(([currency, rows]) => (
      <Panel id={`balance-${currency}`} title={currency}>
        <Table
          caption={`Accounts in ${currency}`}
          hideCaption
          columns={columns(asOf)}
          rows={rows}
          total={[
            'Total',
            <Figures amount={sum(rows.map(({ net }) => (net > 0n ? net : 0n)))} currency={currency} />,
            <Figures amount={sum(rows.map(({ net }) => (net < 0n ? -net : 0n)))} currency={currency} />,
          ]}
          empty=""
        />
      </Panel>
    ))}
  </ConsolePage>
)

const columns = (asOf: LocalDate): Column<AccountBalance>[] => [
  {
    head: 'Account',
    kind: 'name',
    cell: ({ account }) => (
      <a href={withQuery('/console/journal', { account, to: asOf })}>{inWords(account)}</a>
    ),
  },
  {
    head: 'Debit',
    kind: 'figure',
    cell: ({ net, currency }) => <Figures amount={net > 0n ? net : 0n} currency={currency} />,
  },
  {
    head: 'Credit',
    kind: 'figure',
    cell: ({ net, currency }) => <Figures amount={net < 0n ? -net : 0n} currency={currency} />,
  },
]
