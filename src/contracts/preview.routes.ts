import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter, judgedInFull } from '../http/router.http.ts'
import { addDays, localDate } from '../kernel/calendar.ts'
import { formatMoney } from '../kernel/money.ts'
import { decideInFull, inWhole } from '../kernel/partly.ts'
import { formatDecimal } from '../kernel/rational.ts'
import { placeOfChange } from './changes/asked-change.ts'
import { changeAnswer, changeBody, readChange } from './changes/change-preview.http.ts'
import { previewChange } from './changes/change-preview.ts'
import { cycleTermsOf } from './periods/own-cycle.ts'
import { periodSchema, periodsBody, readTerms } from './preview.http.ts'
import { cycleNumbers, describeCycle } from './preview.ts'
import { changeParts, periodsParts } from './preview-parts.http.ts'

const common = { tags: ['Preview'] }

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
  (c) => c.json({ periods: periodsOf(c.req.valid('json')) }, 200),
  judgedInFull(periodsBody, periodsParts, async (_, sent) =>
    decideInFull(sent, () => WHERE_PERIODS_LIE.every(sent.isRead) && periodsOf(sent.value)),
  ),
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
    const body = c.req.valid('json')
    const { currency, rounding, date, change } = body
    const terms = readTerms(body)
    const { n, inMinor } = placeOfChange(terms, inWhole(body))
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
  judgedInFull(changeBody, changeParts, async (_, sent) =>
    decideInFull(sent, () => placeOfChange(readTerms(sent.value), sent)),
  ),
)

const WHERE_PERIODS_LIE = [
  'start_date',
  'end_date',
  'anchor_date',
  'alignment',
  'billing_cycle',
  'product',
  'count',
  'at',
]

function periodsOf({
  count,
  at,
  issue_offset_days,
  product,
  trial_days: days,
  trial_end_date,
  ...body
}: z.infer<typeof periodsBody>) {
  const trialEnd = days === undefined ? trial_end_date : addDays(body.start_date, days)
  const terms = { ...readTerms(body), issue_offset_days, grace_hours: 0, trial_end_date: trialEnd }
  const date = at?.includes('T') ? localDate(Date.parse(at), terms.timezone) : at
  const numbers = cycleNumbers(cycleTermsOf(terms, product ?? {}), date, count)
  return numbers.map((n) => describeCycle(terms, n, product))
}
