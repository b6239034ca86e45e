import type { FC } from 'hono/jsx'
import { Chart } from '../web/chart.tsx'
import { Amount } from '../web/money.tsx'
import { Status } from '../web/status.tsx'
import { type Column, EmptyState, Pagination, Table, withQuery } from '../web/table.tsx'
import { DateText } from '../web/time.tsx'
import { ConsolePage, Filters, Panel } from './console.page.tsx'
import { EntityChoice, type NamedEntity } from './entity-choice.tsx'
import { pathOf } from './report-links.ts'
import {
  amountOf,
  byCurrency,
  figuresOf,
  headOf,
  type Part,
  REPORTS,
  type ReportName,
  type ReportView,
  type Row,
} from './report-view.ts'
import { inWords } from './words.ts'

const PATH = '/console/reports'
/** Rows of a currency on one page; totals and charts are of all, and so is the file. */
export const ROWS_SHOWN = 200

/** The names behind references. */
type Names = ReadonlyMap<string, string>

type ReportsPageProps = {
  operator: string
  view: ReportView
  entities: readonly NamedEntity[]
  customers: Names
  /** How many rows of each currency stand on earlier pages. */
  before: number
}

export const ReportsPage: FC<ReportsPageProps> = ({ operator, view, entities, customers, before }) => {
  const parts = byCurrency(view)
  const names = new Map([...customers, ...entities.map(({ ref, name }) => [ref, name] as const)])
  return (
    <ConsolePage
      room="Reports"
      title={titleOf(view.name)}
      operator={operator}
      beside={<Tie tied={view.tied} />}
    >
      <Filters
        label="Report"
        path={PATH}
        param="report"
        now={view.name}
        choices={REPORTS}
        keep={{ as_of: view.asOf, entity_ref: view.entityRef }}
      />
      <ReportForm view={view} entities={entities} />
      <p class="hint">
        {view.hint} <OnPaper view={view} entities={entities} />
      </p>
      {parts.length === 0 && <EmptyState>There is nothing to report of this day.</EmptyState>}
      {parts
        .filter(({ rows }) => rows.length > before)
        .map((part) => (
          <ReportPart view={view} part={part} names={names} before={before} />
        ))}
      <Pagination path={PATH} query={queryOf(view)} nextCursor={nextAfter(parts, before)} />
    </ConsolePage>
  )
}

const nextAfter = (parts: readonly Part[], before: number): string | null => {
  const end = before + ROWS_SHOWN
  return parts.some(({ rows }) => rows.length > end) ? String(end) : null
}

/** What the report was asked with. */
const queryOf = ({ name, asOf, entityRef, choices }: ReportView) => ({
  report: name,
  as_of: asOf,
  entity_ref: entityRef,
  ...(choices && { [choices.param]: choices.now }),
})

const titleOf = (report: ReportName): string => REPORTS.find(([name]) => name === report)![1]

/** What the form says, which is not printed. */
const OnPaper: FC<Pick<ReportsPageProps, 'view' | 'entities'>> = ({ view, entities }) => (
  <span class="on-paper">
    {entities.find(({ ref }) => ref === view.entityRef)?.name ?? 'All legal entities'}, as of{' '}
    <DateText date={view.asOf} />.
  </span>
)

const ReportForm: FC<Pick<ReportsPageProps, 'view' | 'entities'>> = ({ view, entities }) => {
  const { name, asOf, entityRef, takesDate, choices } = view
  const isOneOfMany = entities.length > 1
  return (
    <form class="actions" method="get" action={PATH}>
      <input type="hidden" name="report" value={name} />
      {choices && <Choice {...choices} />}
      {isOneOfMany && <EntityChoice entities={entities} now={entityRef ?? ''} all="All legal entities" />}
      {takesDate && (
        <>
          <label for="as_of">As of</label>
          <input id="as_of" name="as_of" type="date" value={asOf} required />
        </>
      )}
      {(takesDate || isOneOfMany) && (
        <button type="submit" class="button">
          Show
        </button>
      )}
      <a class="button" href={withQuery(PATH, { ...queryOf(view), format: 'csv' })}>
        Download CSV
      </a>
    </form>
  )
}

const Choice: FC<NonNullable<ReportView['choices']>> = ({ label, param, now, of }) => (
  <>
    <label for={param}>{label}</label>
    <select id={param} name={param}>
      {of.map(([value, name]) => (
        <option value={value} selected={value === now}>
          {name}
        </option>
      ))}
    </select>
  </>
)

type ReportPartProps = { view: ReportView; part: Part; names: Names; before: number }

const ReportPart: FC<ReportPartProps> = ({ view, part, names, before }) => {
  const { currency, rows, total } = part
  const chart = view.chart?.(part)
  const shown = { ...view, figures: figuresOf(view, rows) }
  return (
    <Panel id={`report-${currency}`} title={currency}>
      {chart && <Chart id={`chart-${currency}`} currency={currency} {...chart} />}
      <section class="scroll" tabindex={0} aria-label={`${titleOf(view.name)}, ${currency}`}>
        <Table
          caption={`${view.hint} ${currency}`}
          hideCaption
          columns={columnsOf(shown, names)}
          rows={rows.slice(before, before + ROWS_SHOWN)}
          total={total && totalCells(shown, total)}
          empty=""
        />
      </section>
    </Panel>
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

const columnsOf = (view: ReportView, names: Names): Column<Row>[] => [
  ...view.words.map((name, place) => ({
    head: headOf(name),
    kind: place === 0 ? ('name' as const) : name === 'percent' ? ('figure' as const) : undefined,
    cell: (row: Row) => wordOf(row, name, names),
  })),
  ...view.figures.map((name) => ({
    head: headOf(name),
    kind: 'figure' as const,
    cell: (row: Row) => <Figure row={row} name={name} path={pathOf(view, row, name, false)} />,
  })),
]

const totalCells = (view: ReportView, total: Row) => [
  'Total',
  ...view.words.slice(1).map(() => ''),
  ...view.figures.map((name) => <Figure row={total} name={name} path={pathOf(view, total, name, true)} />),
]

/** A figure leads to what it is made of; nothing stands behind a zero. */
const Figure: FC<{ row: Row; name: string; path: string | undefined }> = ({ row, name, path }) => {
  const amount = amountOf(row, name)
  const shown = <Amount amount={amount} currency={row.currency ?? ''} />
  return path && amount !== 0n ? <a href={path}>{shown}</a> : shown
}

/** Customers and contracts lead to their pages; customers and legal entities are called by their names. */
function wordOf(row: Row, name: string, names: Names) {
  const text = row[name] ?? ''
  if (name === 'customer_name' || name === 'customer_ref')
    return <a href={pageOf('customers', row.customer_ref)}>{names.get(text) ?? text}</a>
  if (name === 'entity_ref') return names.get(text) ?? text
  if (name === 'reason') return inWords(text)
  if (name === 'percent') return `${text} %`
  if (name === 'day') return <DateText date={text} />
  if (name === 'contract_ref') return <a href={pageOf('contracts', text)}>{text}</a>
  if (name === 'period' || name.endsWith('month')) return headOf(text)
  return text || 'Unknown'
}

const pageOf = (room: string, ref = ''): string => `/console/${room}/${encodeURIComponent(ref)}`
