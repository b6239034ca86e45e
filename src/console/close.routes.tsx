import { listAudit } from '../access/access.store.ts'
import { allows } from '../access/principal.ts'
import { csrfGuard, requireOperator } from '../access/session.http.ts'
import { readChecklist } from '../closing/checklist/checklist.job.ts'
import { postCloseEntries } from '../closing/close-entries.job.ts'
import { changePeriod } from '../closing/close-period.job.ts'
import { createRouter } from '../http/router.http.ts'
import { addMonths, firstOfMonth, type Instant, localDate, monthOf } from '../kernel/calendar.ts'
import { Problem } from '../kernel/problem.ts'
import { withQuery } from '../web/table.tsx'
import { ClosePage } from './close.page.tsx'
import { monthForm, monthOfQuery, periodForm } from './close-forms.http.ts'
import { NoEntityPage } from './entity-choice.tsx'
import { sellers } from './lookups.store.ts'

/** What is left to do before a month is closed, and closing it. */
export const closePages = createRouter()

const PATH = '/console/close'
const HISTORY = 50

closePages.get('/close', async (c) => {
  const { db, now, principal } = c.var
  const entities = await sellers(db)
  const entityRef = c.req.query('entity_ref') || entities[0]?.ref
  if (entityRef === undefined) return c.html(<NoEntityPage operator={principal.label} room="Close" />)
  const month = monthOfQuery(c.req.query('month')) ?? monthBefore(now)
  const [checklist, history] = await Promise.all([
    readChecklist(db, { entityRef, month }, now),
    listAudit(db, { limit: HISTORY }, `${entityRef} ${month}`),
  ])
  const may = { close: allows(principal, 'finance'), reopen: allows(principal, 'admin') }
  const shown = { operator: principal.label, entities, checklist, history: history.rows, may }
  return c.html(<ClosePage {...shown} />)
})

/** The month that is closed next: the one before today's. */
const monthBefore = (now: Instant): string => monthOf(addMonths(firstOfMonth(localDate(now, 'UTC')), -1))

closePages.post('/close', csrfGuard, requireOperator('finance'), async (c) => {
  const { entityRef, month, status, reason } = periodForm(await c.req.parseBody())
  if (status === 'open' && !allows(c.var.principal, 'admin')) throw adminsReopen()
  await changePeriod(c.env, c.var.db, c.var, { entityRef, month, status, reason })
  return c.redirect(withQuery(PATH, { entity_ref: entityRef, month }), 303)
})

closePages.post('/close/entries', csrfGuard, requireOperator('finance'), async (c) => {
  const { entityRef, month } = monthForm(await c.req.parseBody())
  await postCloseEntries(c.env, c.var.db, c.var, { month, entityRef })
  return c.redirect(withQuery(PATH, { entity_ref: entityRef, month }), 303)
})

const adminsReopen = () =>
  new Problem(403, 'role_missing', 'Only an admin opens a closed month again; ask one.')
