import type { FC } from 'hono/jsx'
import type { WalletBalance } from '../credits/wallet.ts'
import { Money } from '../web/money.tsx'
import { type Column, Table } from '../web/table.tsx'
import { InstantText } from '../web/time.tsx'

const COLUMNS: Column<WalletBalance>[] = [
  { head: 'Currency', kind: 'name', cell: ({ currency }) => currency },
  {
    head: 'Next to expire',
    cell: ({ currency, nextExpiry }) =>
      nextExpiry && (
        <>
          <Money amount={nextExpiry.amount} currency={currency} /> on <InstantText at={nextExpiry.at} />
        </>
      ),
  },
  {
    head: 'Granted for later',
    kind: 'figure',
    cell: ({ currency, upcoming }) => <Money amount={upcoming} currency={currency} />,
  },
  {
    head: 'Waits for payment',
    kind: 'figure',
    cell: ({ currency, awaitingPayment }) => <Money amount={awaitingPayment} currency={currency} />,
  },
  {
    head: 'Paid for',
    kind: 'figure',
    cell: ({ currency, paid }) => <Money amount={paid} currency={currency} />,
  },
  {
    head: 'Balance',
    kind: 'figure',
    cell: ({ currency, balance }) => <Money amount={balance} currency={currency} />,
  },
]

/** What a customer can use on the next invoices. */
export const CreditTable: FC<{ balances: WalletBalance[] }> = ({ balances }) => (
  <Table
    caption="Credit by currency"
    hideCaption
    columns={COLUMNS}
    rows={balances}
    empty="This customer has no credit."
  />
)
