import type { FC } from 'hono/jsx'
import type { CreditGrant } from '../credits/grant.ts'
import { balanceOf, type GrantState } from '../credits/movement.ts'
import type { Instant } from '../kernel/calendar.ts'
import { Money } from '../web/money.tsx'
import { type Column, Table } from '../web/table.tsx'
import { InstantText } from '../web/time.tsx'

type Row = GrantState & { now: Instant }

const COLUMNS: Column<Row>[] = [
  { head: 'Credit', kind: 'name', cell: ({ grant }) => grant.name },
  { head: 'From', cell: ({ grant }) => <Origin {...grant} /> },
  { head: 'State', cell: (row) => stateOf(row) },
  {
    head: 'Expires',
    cell: ({ grant: { expiresAt } }) => expiresAt !== null && <InstantText at={expiresAt} />,
  },
  {
    head: 'Granted',
    kind: 'figure',
    cell: ({ grant }) => <Money amount={grant.amount} currency={grant.currency} />,
  },
  {
    head: 'Left',
    kind: 'figure',
    cell: ({ now: _, ...state }) => <Money amount={balanceOf(state)} currency={state.grant.currency} />,
  },
]

const WORDS: Record<CreditGrant['source'], string> = {
  granted: 'Granted by hand',
  invoice: 'Invoice',
  recurring: 'Series',
  rollover: 'Rolled over',
  overpayment: 'Overpayment',
  credit_note: 'Credit note',
}

const Origin: FC<CreditGrant> = ({ source, invoiceId }) =>
  invoiceId === null ? (
    <span>{WORDS[source]}</span>
  ) : (
    <a href={`/console/invoices/${invoiceId}`}>{WORDS[source]}</a>
  )

function stateOf({ isHeld, grant, now }: Row): string {
  if (isHeld) return 'Waits for payment'
  return grant.effectiveAt > now ? 'Granted for later' : 'Good'
}

/** The grants of which something is left, each with what it came from. */
export const GrantsTable: FC<{ wallet: readonly GrantState[]; now: Instant }> = ({ wallet, now }) => (
  <Table
    caption="Grants"
    columns={COLUMNS}
    rows={wallet.filter((state) => balanceOf(state) > 0n).map((state) => ({ ...state, now }))}
    empty="Nothing of it is left."
  />
)
