import type { FC } from 'hono/jsx'
import { type Minor, sum } from '../kernel/money.ts'
import { Amount, Money } from '../web/money.tsx'
import { Pagination, Table } from '../web/table.tsx'
import { ConsolePage, Panel } from './console.page.tsx'
import type { FigureQuery } from './report-links.ts'
import { type FigurePart, headOf, REPORTS } from './report-view.ts'

/** Parts on one page; the total is of all. */
const PAGE = 200

type FigureProps = {
  operator: string
  query: FigureQuery & { currency: string }
  /** As the report has it. */
  figure: Minor
  parts: readonly FigurePart[]
  /** How many parts stand on earlier pages. */
  before: number
}

/** What a figure of a report is made of, part by part; the parts add up to it. */
export const FigurePage: FC<FigureProps> = ({ operator, query, figure, parts, before }) => {
  const { currency } = query
  const total = sum(parts.map(({ amount }) => amount))
  const end = before + PAGE
  return (
    <ConsolePage
      room="Reports"
      title={titleOf(query)}
      operator={operator}
      beside={<Money amount={figure} currency={currency} />}
    >
      <p class="hint">
        {query.row?.split('|').join(', ') || 'In total'}, as of {query.as_of}: what the figure is made of.
        {total !== figure && ' Something has changed since; the parts no longer add up to it.'}
      </p>
      <Panel id="parts" title={currency}>
        <Table
          caption={`Parts in ${currency}`}
          hideCaption
          empty="Nothing stands behind this figure."
          rows={parts.slice(before, end)}
          columns={[
            {
              head: 'Part',
              kind: 'name',
              cell: ({ what, path }) => (path ? <a href={path}>{what}</a> : what),
            },
            {
              head: 'Amount',
              kind: 'figure',
              cell: ({ amount }) => <Amount amount={amount} currency={currency} />,
            },
          ]}
          total={['Total', <Amount amount={total} currency={currency} />]}
        />
        <Pagination
          path="/console/reports/figure"
          query={query}
          nextCursor={end < parts.length ? String(end) : null}
        />
      </Panel>
    </ConsolePage>
  )
}

const titleOf = ({ report, figure }: FigureQuery): string =>
  `${REPORTS.find(([name]) => name === report)?.[1]}: ${headOf(figure)}`
