import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { rateLine } from './line.ts'
import { rateAnswer, rateBody, readRateBody, showRatedLine } from './preview.http.ts'

/** Billing decisions that leave no trace: here the price of usage. */
export const ratingPreviewRoutes = createRouter()

ratingPreviewRoutes.openapi(
  createRoute({
    tags: ['Preview'],
    method: 'post',
    path: '/api/preview/rate',
    summary: 'What a price makes of usage',
    middleware: [requireScope('read')] as const,
    request: { body: jsonBody(rateBody) },
    responses: { 200: jsonAnswer('The price', rateAnswer), ...problemAnswers },
  }),
  (c) => {
    const body = c.req.valid('json')
    return c.json(showRatedLine(rateLine(readRateBody(body)), body), 200)
  },
)
