import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../../access/auth.http.ts'
import { jsonAnswer, jsonBody } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { dealAnswer } from './answer.http.ts'
import { answerDeal } from './answer-deal.http.ts'
import { dealBody } from './deal.http.ts'
import { readDeal } from './read-deal.http.ts'

/** Accounting decisions that leave no trace: here the revenue of a deal that need not be signed. */
export const revenuePreviewRoutes = createRouter()

revenuePreviewRoutes.openapi(
  createRoute({
    tags: ['Preview'],
    method: 'post',
    path: '/api/preview/revenue',
    summary: 'The five steps of ASC 606 or IFRS 15 for a deal: allocation, schedule and journal',
    middleware: [requireScope('read')] as const,
    request: { body: jsonBody(dealBody) },
    responses: { 200: jsonAnswer('The revenue of the deal', dealAnswer), ...problemAnswers },
  }),
  (c) => {
    const body = c.req.valid('json')
    return c.json(answerDeal(readDeal(body), body.currency), 200)
  },
)
