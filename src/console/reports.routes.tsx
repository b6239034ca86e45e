import { LAST_DATE } from '../contracts/periods/schedule.ts'
import { answerCsv } from '../http/csv.http.ts'
import { createRouter } from '../http/router.http.ts'
import type { Instant } from '../kernel/calendar.ts'
import { notFound } from '../kernel/problem.ts'
import { today } from '../reports/span.ts'
import type { Db } from '../storage/db.store.ts'
import type { NamedEntity } from './entity-choice.tsx'
import { FigurePage } from './figure.page.tsx'
import { customerNames, sellers } from './lookups.store.ts'
import { dateOfQuery } from './page-query.ts'
import { pathOf } from './report-links.ts'
import {
  amountOf,
  byCurrency,
  type FigurePart,
  type Part,
  REPORTS,
  type ReportView,
  rowKey,
} from './report-view.ts'
import { readReport } from './report-views.job.ts'
import { ReportsPage, ROWS_SHOWN } from './reports.page.tsx'

/** What the books and the contracts say, by report. */
export const reportPages = createRouter()

reportPages.get('/reports', async (c) => {
  const { db, now, principal } = c.var
  const { format, cursor } = c.req.query()
  const entities = await sellers(db)
  const view = await readAsked(db, now, c.req.query(), entities)
  if (format === 'csv') return answerCsv(c, [...view.words, 'currency', ...view.figures], view.rows)
  const before = placeOf(cursor)
  const shownRows = byCurrency(view).flatMap(({ rows }) => rows.slice(before, before + ROWS_SHOWN))
  const customers = await customerNames(
    db,
    shownRows.map(({ customer_ref: ref }) => ref ?? null),
  )
  const shown = { operator: principal.label, view, entities, customers, before }
  return c.html(<ReportsPage {...shown} />)
})

reportPages.get('/reports/figure', async (c) => {
  const { db, now, principal } = c.var
  const { currency, row: key, figure = '', cursor } = c.req.query()
  const view = await readAsked(db, now, c.req.query(), await sellers(db))
  const part = byCurrency(view).find((one) => one.currency === currency)
  const row = key === undefined ? part?.total : part?.rows.find((one) => rowKey(view, one) === key)
  if (!part || !row || !view.figures.includes(figure)) throw notFound('figure', figure)
  const parts = key === undefined ? rowsOf(view, part, figure) : await view.parts?.(row, figure)
  return c.html(
    <FigurePage
      operator={principal.label}
      query={{
        ...{ report: view.name, as_of: view.asOf, entity_ref: view.entityRef, by: view.choices?.now },
        ...{ currency: part.currency, figure, row: key },
      }}
      figure={amountOf(row, figure)}
      parts={(parts ?? []).filter(({ amount }) => amount !== 0n)}
      before={placeOf(cursor)}
    />,
  )
})

/** How many rows stand on earlier pages. */
const placeOf = (cursor: string | undefined): number => Number(/^\d{1,9}$/.exec(cursor ?? '')?.[0] ?? 0)

/** A total is made of the rows. */
const rowsOf = (view: ReportView, { rows }: Part, figure: string): FigurePart[] =>
  rows.map((row) => ({
    what: view.words.map((word) => row[word]).join(', '),
    amount: amountOf(row, figure),
    path: pathOf(view, row, figure, false),
  }))

/** What of the address is understood; the rest is as if it were not there. */
function readAsked(
  db: Db,
  now: Instant,
  { report, as_of, by, entity_ref }: Record<string, string>,
  entities: readonly NamedEntity[],
): Promise<ReportView> {
  const [name] = REPORTS.find(([known]) => known === report) ?? REPORTS[0]
  const given = dateOfQuery(as_of)
  const asOf = given && given <= LAST_DATE ? given : today(now)
  const entityRef = entities.find(({ ref }) => ref === entity_ref)?.ref
  return readReport(db, name, { asOf, now, by, scope: { entityRef } })
}
