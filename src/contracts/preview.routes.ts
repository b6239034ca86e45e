import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { dateField, instantOut, timezoneField } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { localDate } from '../kernel/calendar.ts'
import { billingCycleSchema } from './contract.http.ts'
import { ISSUE_OFFSET_DAYS_MAX } from './faults.ts'
import { cycleNumbers, describeCycle, PERIODS_MAX } from './preview.ts'

const periodsBody = z
  .strictObject({
    start_date: dateField,
    end_date: dateField.nullish().openapi({ description: 'Exclusive; null: no end.' }),
    anchor_date: dateField.optional(),
    billing_cycle: billingCycleSchema,
    timezone: timezoneField.default('UTC'),
    issue_offset_days: z.int().min(0).max(ISSUE_OFFSET_DAYS_MAX).default(0),
    count: z.int().min(1).max(PERIODS_MAX).optional().openapi({ description: 'The first so many periods.' }),
    at: z
      .union([dateField, z.iso.datetime({ offset: true })])
      .optional()
      .openapi({ description: 'Only the period that holds this date or instant.' }),
  })
  .refine(({ count, at }) => count === undefined || at === undefined, {
    path: ['at'],
    message: 'send count or at, not both',
  })
  .refine(({ start_date, end_date }) => !end_date || start_date < end_date, {
    path: ['end_date'],
    message: 'must be after start_date',
  })

const periodSchema = z.object({
  start: dateField,
  end: dateField.openapi({ description: 'Exclusive.' }),
  start_at: instantOut,
  end_at: instantOut,
  issue_at: instantOut,
  days: z.int(),
  full_days: z.int().openapi({ description: 'Days of the whole cycle, not cut by start or end.' }),
  factor: z.string().openapi({ description: 'days / full_days, the part of a recurring fee that is due.' }),
})

/** Billing decisions that leave no trace: here the periods of a contract that need not exist. */
export const contractPreviewRoutes = createRouter()

contractPreviewRoutes.openapi(
  createRoute({
    tags: ['Preview'],
    security: [{ bearer: [] }],
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
    const { count, at, ...body } = c.req.valid('json')
    const terms = {
      ...body,
      end_date: body.end_date ?? null,
      anchor_date: body.anchor_date ?? body.start_date,
      grace_hours: 0,
    }
    const date = at?.includes('T') ? localDate(Date.parse(at), terms.timezone) : at
    const periods = cycleNumbers(terms, date, count).map((n) => describeCycle(terms, n))
    return c.json({ periods }, 200)
  },
)
