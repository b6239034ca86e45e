import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { pageOf } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { knownRefs } from '../http/known-refs.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { listPeriods } from '../ledger/periods.store.ts'
import { closeEntriesAnswer, showCloseEntries } from './close-entries.http.ts'
import { postCloseEntries } from './close-entries.job.ts'
import { changePeriod } from './close-period.job.ts'
import {
  closeEntriesBody,
  lockBody,
  monthParam,
  periodSchema,
  periodsAnswer,
  periodsQuery,
  showPeriod,
  unlockBody,
} from './periods.http.ts'

const common = { tags: ['Ledger'] }

/** The months of the books: open, soft-locked, locked. */
export const periodRoutes = createRouter()

periodRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/accounting-periods',
    summary: 'List the months that were ever closed, the latest first; every other month is open',
    middleware: [requireScope('read'), knownRefs] as const,
    request: { query: periodsQuery },
    responses: { 200: jsonAnswer('A page of periods', pageOf(periodSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { entity_ref: entityRef, ...page } = c.req.valid('query')
    const { rows, nextCursor } = await listPeriods(c.var.db, { ...page, entityRef })
    return c.json({ data: rows.map(showPeriod), next_cursor: nextCursor }, 200)
  },
)

periodRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/accounting-periods/{month}/lock',
    summary: 'Close a month: what belongs to it is posted in the first open one from then on',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: monthParam, body: jsonBody(lockBody) },
    responses: { 200: jsonAnswer('The periods as they are now', periodsAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { entity_ref: entityRef, soft, reason } = c.req.valid('json')
    const { month } = c.req.valid('param')
    const status = soft ? 'soft_locked' : 'locked'
    const rows = await changePeriod(c.env, c.var.db, c.var, { month, status, entityRef, reason })
    return c.json({ data: rows.map(showPeriod) }, 200)
  },
)

periodRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/accounting-periods/{month}/unlock',
    summary: 'Open a month again; the reason is kept in the audit log',
    middleware: [requireScope('admin'), idempotent] as const,
    request: { params: monthParam, body: jsonBody(unlockBody) },
    responses: { 200: jsonAnswer('The periods as they are now', periodsAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { entity_ref: entityRef, reason } = c.req.valid('json')
    const { month } = c.req.valid('param')
    const rows = await changePeriod(c.env, c.var.db, c.var, { month, status: 'open', entityRef, reason })
    return c.json({ data: rows.map(showPeriod) }, 200)
  },
)

periodRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/accounting-periods/{month}/close-entries',
    summary:
      'Post what the end of a month still needs: accruals, positions as the balance sheet has them, closing rates; a lock does it, too',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: monthParam, body: jsonBody(closeEntriesBody) },
    responses: { 200: jsonAnswer('What was posted', closeEntriesAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { entity_ref: entityRef } = c.req.valid('json')
    const { month } = c.req.valid('param')
    return c.json(showCloseEntries(await postCloseEntries(c.env, c.var.db, c.var, { month, entityRef })), 200)
  },
)
