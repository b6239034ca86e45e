import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { instantOut, pageOf, pageQuery, refField } from '../http/fields.http.ts'
import { jsonAnswer } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { retryParked } from './parked.job.ts'
import { listParked, type ParkedEffect } from './parked.store.ts'

const tags = ['Operation']

const effectSchema = z
  .object({
    effect_id: z.string(),
    topic: z.string().openapi({ description: 'What it does: `receipt_mail`, `charge_card` and the like.' }),
    about: z.record(z.string(), z.unknown()).openapi({ description: 'The ids of what it is about.' }),
    last_error: z.string().nullable().openapi({ description: 'Why the last attempt failed.' }),
    created_at: instantOut,
  })
  .openapi('ParkedEffect')

const showEffect = ({ id, topic, payload, lastError, createdAt }: ParkedEffect) => ({
  effect_id: id,
  topic,
  about: { ...payload },
  last_error: lastError,
  created_at: toIso(createdAt),
})

/** Mails, charges and messages that failed again and again, and wait for a person. */
export const parkedRoutes = createRouter()

parkedRoutes.openapi(
  createRoute({
    tags,
    method: 'get',
    path: '/api/parked-effects',
    summary: 'List mails, charges and messages that failed for the last time, newest first',
    middleware: [requireScope('read')] as const,
    request: { query: pageQuery },
    responses: { 200: jsonAnswer('A page of them', pageOf(effectSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { rows, nextCursor } = await listParked(c.var.db, c.req.valid('query'))
    return c.json({ data: rows.map(showEffect), next_cursor: nextCursor }, 200)
  },
)

parkedRoutes.openapi(
  createRoute({
    tags,
    method: 'post',
    path: '/api/parked-effects/{effect_id}/send_again',
    summary: 'Send a mail, charge or message again that failed for the last time',
    description: 'What had got through after all is not done twice.',
    middleware: [requireScope('finance')] as const,
    request: { params: z.object({ effect_id: refField }) },
    responses: { 200: jsonAnswer('The effect, as it was parked', effectSchema), ...problemAnswers },
  }),
  async (c) => c.json(showEffect(await retryParked(c.var.db, c.var, c.req.valid('param').effect_id)), 200),
)
