import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../../access/auth.http.ts'
import { jsonAnswer } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { recompute } from './checks.job.ts'
import { recomputedAnswer, recomputedQuery, showRecomputed } from './recomputed.http.ts'

/** An auditor's proof that the books follow from the facts. */
export const recomputedRoutes = createRouter()

recomputedRoutes.openapi(
  createRoute({
    tags: ['Ledger'],
    method: 'get',
    path: '/api/ledger/recomputed',
    summary: 'Make the books again from the facts, page by page, and tell what differs',
    middleware: [requireScope('finance')] as const,
    request: { query: recomputedQuery },
    responses: { 200: jsonAnswer('A page of the comparison', recomputedAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { cursor } = c.req.valid('query')
    return c.json(showRecomputed(await recompute(c.var.db, cursor)), 200)
  },
)
