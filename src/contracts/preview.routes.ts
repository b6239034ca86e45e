import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { addDays, localDate } from '../kernel/calendar.ts'
import { formatMoney, parseMoney } from '../kernel/money.ts'
import { invalid } from '../kernel/problem.ts'
import { formatDecimal } from '../kernel/rational.ts'
import { changeAnswer, changeBody, readChange } from './changes/change-preview.http.ts'
import { previewChange } from './changes/change-preview.ts'
import { cycleTermsOf } from './periods/own-cycle.ts'
import type { CycleTerms } from './periods/schedule.ts'
import { periodSchema, periodsBody, readTerms } from './preview.http.ts'
import { cycleNumbers, describeCycle } from './preview.ts'

const common = { tags: ['Preview'], security: [{ bearer: [] }] }

/** Billing decisions that leave no trace: the periods of a contract that need not exist, and changes inside them. */
export const contractPreviewRoutes = createRouter()

contractPreviewRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/preview/periods',
    summary: 'The billing periods that terms would have',
    middleware: [requireScope('read')] as const,
    request: { body: jsonBody(periodsBody) },
    responses: {
      200: jsonAnswer('The periods', z.object({ periods: z.array(periodSchema) })),
      ...problemAnswers,
    },
  }),
  (c) => {
    const {
      count,
      at,
      issue_offset_days,
      product,
      trial_days: days,
      trial_end_date,
      ...body
    } = c.req.valid('json')
    const trialEnd = days === undefined ? trial_end_date : addDays(body.start_date, days)
    const terms = { ...readTerms(body), issue_offset_days, grace_hours: 0, trial_end_date: trialEnd }
    const date = at?.includes('T') ? localDate(Date.parse(at), terms.timezone) : at
    const numbers = cycleNumbers(cycleTermsOf(terms, product ?? {}), date, count)
    const periods = numbers.map((n) => describeCycle(terms, n, product))
    return c.json({ periods }, 200)
  },
)

contractPreviewRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/preview/change',
    summary: 'What a change inside a period that is paid in advance would credit and charge',
    middleware: [requireScope('read')] as const,
    request: { body: jsonBody(changeBody) },
    responses: { 200: jsonAnswer('The two lines', changeAnswer), ...problemAnswers },
  }),
  (c) => {
    const { currency, rounding, date, paid, change, ...body } = c.req.valid('json')
    const terms = readTerms(body)
    const n = cycleHolding(terms, date)
    const inMinor = paid === undefined ? undefined : readPaid(paid, currency)
    const result = previewChange(terms, n, date, readChange(change), { currency, rounding }, inMinor)
    return c.json(
      {
        effective_date: result.effective,
        period: result.period,
        factor: formatDecimal(result.left),
        credit: formatMoney(result.credit, currency),
        charge: formatMoney(result.charge, currency),
        net: formatMoney(result.credit + result.charge, currency),
      },
      200,
    )
  },
)

function cycleHolding(terms: CycleTerms, date: string): number {
  const [n] = cycleNumbers(terms, date)
  if (n !== undefined) return n
  throw invalid('date_out_of_terms', `No period holds ${date}: it is before the start or after the end.`, [
    { path: 'date', message: 'must be a day of the terms' },
  ])
}

function readPaid(text: string, currency: string): bigint {
  const paid = parseMoney(text, currency)
  if (paid !== undefined) return paid
  throw invalid('amount_too_fine', `"paid" has more decimals than ${currency} has.`, [
    { path: 'paid', message: `must be a whole number of the smallest unit of ${currency}` },
  ])
}
