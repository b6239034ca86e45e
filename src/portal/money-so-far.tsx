import type { Child, FC } from 'hono/jsx'
import { chainName } from '../payments/crypto/payment-request.ts'
import type { Rail } from '../payments/payment.ts'
import { Money } from '../web/money.tsx'
import { Status } from '../web/status.tsx'
import { type Column, Table } from '../web/table.tsx'
import { DateText, InstantText } from '../web/time.tsx'
import type { HostedInvoice, TransferUnderWay } from './hosted-invoice.ts'

type Row = { when: Child; how: Child; state: Child; amount: Child }

const RAIL_WORDS: Record<Rail, string> = {
  card: 'Card',
  wire: 'Bank transfer',
  crypto: 'Crypto',
  manual: 'Payment',
}

/** What was paid, what is on its way, and what failed. */
export const MoneySoFar: FC<{ hosted: HostedInvoice }> = ({ hosted }) => {
  const rows = [...received(hosted), ...hosted.underWay.map(onItsWay), ...declined(hosted)]
  if (rows.length === 0) return null
  return (
    <section class="panel" aria-labelledby="payments">
      <h2 id="payments">Payments</h2>
      <Table
        caption="Payments for this invoice"
        hideCaption
        columns={COLUMNS}
        rows={rows}
        empty="None yet."
      />
    </section>
  )
}

const COLUMNS: Column<Row>[] = [
  { head: 'Date', cell: (row) => row.when },
  { head: 'Method', cell: (row) => row.how },
  { head: 'State', cell: (row) => row.state },
  { head: 'Amount', kind: 'figure', cell: (row) => row.amount },
]

const received = ({ payments, invoice }: HostedInvoice): Row[] =>
  payments.map((payment) => ({
    when: <DateText date={payment.receivedOn} />,
    how: RAIL_WORDS[payment.rail],
    state: <Status word="Received" shape="check" tone="good" />,
    amount: <Money amount={payment.applied} currency={invoice.currency} />,
  }))

const onItsWay = ({ transfer, value, confirmations, blocksToFinal }: TransferUnderWay): Row => ({
  when: <InstantText at={transfer.seenAt} />,
  how: (
    <>
      {transfer.symbol} on {chainName(transfer.chainId)}
      <div class="hint">
        Transaction <code>{transfer.txHash.slice(0, 10)}…</code>
      </div>
    </>
  ),
  state: (
    <>
      <Status word="Seen" shape="clock" tone="info" />
      <div class="hint">
        {confirmations} {confirmations === 1 ? 'confirmation' : 'confirmations'}; final in {blocksToFinal}{' '}
        {blocksToFinal === 1 ? 'block' : 'blocks'}
      </div>
    </>
  ),
  amount: <Money amount={value} currency={transfer.currency} />,
})

const declined = ({ cardAttempts }: HostedInvoice): Row[] =>
  cardAttempts
    .filter(({ outcome }) => outcome === 'declined' || outcome === 'needs_customer')
    .map(({ attemptedAt, outcome }) => ({
      when: <InstantText at={attemptedAt} />,
      how: 'Saved card',
      state:
        outcome === 'declined' ? (
          <Status word="Declined" shape="cross" tone="bad" />
        ) : (
          <Status word="Needs your confirmation" shape="triangle" tone="warn" />
        ),
      amount: '',
    }))
