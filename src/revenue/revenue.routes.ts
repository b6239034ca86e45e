import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { answerCsv, jsonOrCsv, wantsCsv } from '../http/csv.http.ts'
import { pageOf } from '../http/fields.http.ts'
import { knownRefs } from '../http/known-refs.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { listSchedules, waterfallSums } from './reports.store.ts'
import {
  scheduleQuery,
  scheduleSchema,
  showSchedule,
  waterfallAnswer,
  waterfallQuery,
} from './revenue.http.ts'
import { waterfallOf } from './waterfall.ts'

const common = {
  method: 'get' as const,
  tags: ['Revenue'],
  middleware: [requireScope('read'), knownRefs],
}

export const revenueRoutes = createRouter()

const WATERFALL_COLUMNS = ['currency', 'booking_month', 'month', 'recognised', 'scheduled'] as const

revenueRoutes.openapi(
  createRoute({
    ...common,
    path: '/api/revenue/waterfall',
    summary: 'What was billed in which month, and when it becomes revenue',
    request: { query: waterfallQuery },
    responses: {
      200: {
        description: 'The waterfall; as `text/csv` one row for each pair of months',
        content: jsonOrCsv(waterfallAnswer),
      },
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { entity_ref, from, to } = c.req.valid('query')
    const waterfall = waterfallOf(await waterfallSums(c.var.db, { from, to, entityRef: entity_ref }))
    if (!wantsCsv(c)) return c.json(waterfall, 200)
    const cells = waterfall.rows.flatMap(({ months, ...row }) => months.map((cell) => ({ ...row, ...cell })))
    return answerCsv(c, WATERFALL_COLUMNS, cells)
  },
)

const SCHEDULE_COLUMNS = [
  'invoice_number',
  'line_id',
  'contract_ref',
  'product_ref',
  'method',
  'service_start',
  'service_end',
  'currency',
  'amount',
  'month',
  'recognised',
  'scheduled',
] as const

revenueRoutes.openapi(
  createRoute({
    ...common,
    path: '/api/revenue/schedule',
    summary: 'When the lines of a contract or of an invoice become revenue',
    request: { query: scheduleQuery },
    responses: {
      200: {
        description: 'Schedules; as `text/csv` one row for each month, the cursor in `x-next-cursor`',
        content: jsonOrCsv(pageOf(scheduleSchema)),
      },
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { contract_ref, invoice, ...page } = c.req.valid('query')
    const { rows, nextCursor } = await listSchedules(c.var.db, {
      ...page,
      contractRef: contract_ref,
      invoice,
    })
    const data = rows.map(showSchedule)
    if (!wantsCsv(c)) return c.json({ data, next_cursor: nextCursor }, 200)
    const lines = data.flatMap(({ months, ...line }) => months.map((month) => ({ ...line, ...month })))
    return answerCsv(c, SCHEDULE_COLUMNS, lines, nextCursor)
  },
)
