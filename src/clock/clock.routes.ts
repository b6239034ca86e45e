import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { isSandbox } from '../env.ts'
import { instantOut } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { invalid, Problem } from '../kernel/problem.ts'
import { advanceTo } from './advance.job.ts'
import { hasBooks, setSandboxTime } from './clock.store.ts'

const common = { tags: ['Sandbox'], middleware: [requireScope('admin')] }

/** The clock that the sandbox has and production has not. */
export const clockRoutes = createRouter()

clockRoutes.use('/api/sandbox/*', async (c, next) => {
  if (!isSandbox(c.env)) throw new Problem(404, 'route_not_found', `Nothing is at ${c.req.path}.`)
  return next()
})

clockRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/sandbox/clock',
    summary: 'What time it is in the sandbox',
    responses: {
      200: jsonAnswer('The time', z.object({ now: instantOut })),
      ...problemAnswers,
    },
  }),
  (c) => c.json({ now: toIso(c.var.now) }, 200),
)

clockRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/sandbox/clock',
    summary: 'Move time forward; everything due on the way happens before the answer comes',
    description: 'Time moves backwards only while there is no contract yet.',
    request: {
      body: jsonBody(z.object({ advance_to: z.iso.datetime({ offset: true }) })),
    },
    responses: {
      200: jsonAnswer(
        'The time now, and what happened on the way',
        z.object({
          now: instantOut,
          happened: z.object({
            invoices: z.int(),
            mails: z.int(),
            payments: z.int(),
            journal_entries: z.int(),
            steps: z.int().openapi({ description: 'Moments at which something was due' }),
          }),
        }),
      ),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const target = Date.parse(c.req.valid('json').advance_to)
    if (target < c.var.now) {
      if (await hasBooks(c.var.db)) {
        throw invalid(
          'clock_goes_forward',
          `It is ${toIso(c.var.now)} already; the clock of running books never goes back.`,
        )
      }
      await setSandboxTime(c.env, target)
    }
    const happened = await advanceTo(c.env, target)
    return c.json({ now: toIso(target), happened }, 200)
  },
)
