import type { FC } from 'hono/jsx'
import { parseMoney } from '../kernel/money.ts'
import { Amount } from '../web/money.tsx'
import { Status } from '../web/status.tsx'
import { type Column, EmptyState, Table, withQuery } from '../web/table.tsx'
import { ConsolePage, Filters, Panel } from './console.page.tsx'
import { byCurrency, headOf, REPORTS, type ReportView } from './report-view.ts'

const PATH = '/console/reports'
type Row = ReportView['rows'][number]

export const ReportsPage: FC<{ operator: string; view: ReportView }> = ({ operator, view }) => {
  const tables = byCurrency(view)
  return (
    <ConsolePage room="Reports" title="Reports" operator={operator} beside={<Tie tied={view.tied} />}>
      <Filters label="Report" path={PATH} param="report" now={view.name} choices={REPORTS} />
      <form class="actions" method="get" action={PATH}>
        <input type="hidden" name="report" value={view.name} />
        {view.takesDate && (
          <>
            <label for="as_of">As of</label>
            <input id="as_of" name="as_of" type="date" value={view.asOf} required />
            <button type="submit" class="button">
              Show
            </button>
          </>
        )}
        <a class="button" href={withQuery(PATH, { report: view.name, as_of: view.asOf, format: 'csv' })}>
          Download CSV
        </a>
      </form>
      <p class="hint">{view.hint}</p>
      {tables.length === 0 && <EmptyState>There is nothing to report of this day.</EmptyState>}
      {tables.map(({ currency, rows, total }) => (
        <Panel id={`report-${currency}`} title={currency}>
          <Table
            caption={`${view.hint} ${currency}`}
            hideCaption
            columns={columnsOf(view, currency)}
            rows={rows}
            total={total && totalCells(view, total, currency)}
            empty=""
          />
        </Panel>
      ))}
    </ConsolePage>
  )
}

const Tie: FC<{ tied: boolean | undefined }> = ({ tied }) => {
  if (tied === undefined) return null
  return tied ? (
    <Status word="Agrees with the ledger" shape="check" tone="good" />
  ) : (
    <Status word="Differs from the ledger" shape="triangle" tone="bad" />
  )
}

const columnsOf = ({ words, figures }: ReportView, currency: string): Column<Row>[] => [
  ...words.map((name) => ({
    head: headOf(name),
    kind: 'name' as const,
    cell: (row: Row) => wordOf(row, name),
  })),
  ...figures.map((name) => ({
    head: headOf(name),
    kind: 'figure' as const,
    cell: (row: Row) => <Figure text={row[name]} currency={currency} />,
  })),
]

const totalCells = ({ words, figures }: ReportView, total: Row, currency: string) => [
  'Total',
  ...words.slice(1).map(() => ''),
  ...figures.map((name) => <Figure text={total[name]} currency={currency} />),
]

const Figure: FC<{ text: string | undefined; currency: string }> = ({ text = '0', currency }) => (
  <Amount amount={parseMoney(text, currency) ?? 0n} currency={currency} />
)

/** Customers and contracts lead to their pages. */
function wordOf(row: Row, name: string) {
  const text = row[name] ?? ''
  if (name === 'customer_name') return <a href={pageOf('customers', row.customer_ref)}>{text}</a>
  if (name === 'contract_ref') return <a href={pageOf('contracts', text)}>{text}</a>
  return name === 'period' ? headOf(text) : text
}

const pageOf = (room: string, ref = ''): string => `/console/${room}/${encodeURIComponent(ref)}`
