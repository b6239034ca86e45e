import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { checkIdentity, remappedEvent } from './amended-event.ts'
import { eventAnswerOf } from './event-answer.ts'
import { formattedBody, formattedEdit } from './formats.http.ts'
import { formatEvent, formatNamed } from './formats.job.ts'
import { eventAnswer } from './ingest.http.ts'
import { recordEvent } from './ingest.job.ts'
import { readEvent } from './read-event.http.ts'
import { revisedAnswer } from './revise.http.ts'
import { identityOf, revisedOut } from './revise.routes.ts'
import { reviseUsage } from './revise-event.job.ts'

const common = {
  tags: ['Usage'],
}

/** Events in the words of whoever sends them, read by a stored format. */
export const formattedRoutes = createRouter()

formattedRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/usage/event/formatted',
    summary: 'Record an event of any form, by a stored format',
    description: 'Answers the usage event that was made of it.',
    middleware: [requireScope('ingest')] as const,
    request: { body: jsonBody(formattedBody) },
    responses: { 200: jsonAnswer('Recorded', eventAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { format_name, event } = c.req.valid('json')
    const raw = await formatEvent(c.var.db, format_name, event)
    const usage = readEvent(raw, c.var.now)
    return c.json({ ...raw, ...eventAnswerOf(usage, await recordEvent(c.env, usage, c.var.now)) }, 200)
  },
)

formattedRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/usage/event/formatted/update',
    summary: 'Put an event of any form in the place of one that was recorded',
    middleware: [requireScope('ingest'), idempotent] as const,
    request: { body: jsonBody(formattedEdit) },
    responses: { 200: jsonAnswer('Corrected', revisedAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { event_ref, format_name, event } = c.req.valid('json')
    const { fields } = await formatNamed(c.var.db, format_name)
    const mapped = await formatEvent(c.var.db, format_name, event)
    const revised = await reviseUsage(
      c.env,
      event_ref,
      (current) => {
        const { customer_ref, event_id } = mapped
        checkIdentity(identityOf(current), fields.event_id ? { customer_ref, event_id } : { customer_ref })
        return remappedEvent(current.event, mapped)
      },
      c.var.now,
    )
    return c.json(revisedOut(event_ref, revised), 200)
  },
)
