import { LAST_DATE } from '../contracts/periods/schedule.ts'
import { answerCsv } from '../http/csv.http.ts'
import { createRouter } from '../http/router.http.ts'
import { today } from '../reports/span.ts'
import { customerNames, sellers } from './lookups.store.ts'
import { dateOfQuery } from './page-query.ts'
import { REPORTS } from './report-view.ts'
import { readReport } from './report-views.job.ts'
import { ReportsPage } from './reports.page.tsx'

/** What the books and the contracts say, by report. */
export const reportPages = createRouter()

reportPages.get('/reports', async (c) => {
  const { db, now, principal } = c.var
  const { report, as_of, by, format, entity_ref } = c.req.query()
  const [name] = REPORTS.find(([known]) => known === report) ?? REPORTS[0]
  const given = dateOfQuery(as_of)
  const asOf = given && given <= LAST_DATE ? given : today(now)
  const entities = await sellers(db)
  const entityRef = entities.find(({ ref }) => ref === entity_ref)?.ref
  const view = await readReport(db, name, { asOf, now, by, scope: { entityRef } })
  if (format === 'csv') return answerCsv(c, [...view.words, 'currency', ...view.figures], view.rows)
  const customers = await customerNames(
    db,
    view.rows.map(({ customer_ref: ref }) => ref ?? null),
  )
  const shown = { operator: principal.label, view, entities, customers }
  return c.html(<ReportsPage {...shown} />)
})
