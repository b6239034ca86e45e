import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { pageOf } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { knownRefs } from '../http/known-refs.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { showBook, sspBody, sspQuery, sspSchema } from './ssp.http.ts'
import { writeBook } from './ssp.job.ts'
import { listBooks } from './ssp.store.ts'

const common = { path: '/api/revenue/ssp', tags: ['Revenue'] }

/** Stand-alone selling prices: what the price of a contract is divided by. */
export const sspRoutes = createRouter()

sspRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    summary: 'Write the next version of the stand-alone selling prices of a legal entity',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { body: jsonBody(sspBody) },
    responses: {
      200: jsonAnswer('The latest version has this content', sspSchema),
      201: jsonAnswer('Written', sspSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { entity_ref, effective_date, approved_by, entries, bundles } = c.req.valid('json')
    const sent = {
      entityRef: entity_ref,
      effectiveDate: effective_date,
      approvedBy: approved_by,
      entries,
      bundles,
    }
    const { row, created } = await writeBook(c.var.db, c.var, sent)
    return c.json(showBook(row), created ? 201 : 200)
  },
)

sspRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    summary: 'List versions of stand-alone selling prices, newest first',
    middleware: [requireScope('read'), knownRefs] as const,
    request: { query: sspQuery },
    responses: { 200: jsonAnswer('A page of versions', pageOf(sspSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { entity_ref: entityRef, ...page } = c.req.valid('query')
    const { rows, nextCursor } = await listBooks(c.var.db, { ...page, entityRef })
    return c.json({ data: rows.map(showBook), next_cursor: nextCursor }, 200)
  },
)
