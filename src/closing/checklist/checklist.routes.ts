import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../../access/auth.http.ts'
import { jsonAnswer } from '../../http/json.http.ts'
import { knownRefs } from '../../http/known-refs.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { checklistAnswer, checklistParam, checklistQuery, showChecklist } from './checklist.http.ts'
import { readChecklist } from './checklist.job.ts'

/** What stands between a month and its close. */
export const checklistRoutes = createRouter()

checklistRoutes.openapi(
  createRoute({
    tags: ['Ledger'],
    method: 'get',
    path: '/api/accounting-periods/{month}/checklist',
    summary: 'What is open before a month is closed: what waits, and sums that do not agree',
    middleware: [requireScope('read'), knownRefs] as const,
    request: { params: checklistParam, query: checklistQuery },
    responses: { 200: jsonAnswer('The checklist', checklistAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { month } = c.req.valid('param')
    const { entity_ref: entityRef } = c.req.valid('query')
    return c.json(showChecklist(await readChecklist(c.var.db, { entityRef, month }, c.var.now)), 200)
  },
)
