import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { amendedEvent, checkIdentity } from './amended-event.ts'
import { isoPeriod } from './event-answer.ts'
import type { CurrentEvent } from './meter/raw-events.store.ts'
import { currentAnswer, eventEdit, eventRefField, revisedAnswer } from './revise.http.ts'
import { findEvent, type Revised, reviseUsage } from './revise-event.job.ts'

const common = { tags: ['Usage'] }
const refParam = z.object({ event_ref: eventRefField })

/** Corrections: the first fact stays in the log, and the totals follow. */
export const reviseRoutes = createRouter()

reviseRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/usage/event/update',
    summary: 'Correct an event that was recorded',
    description: 'What is invoiced already is adjusted on the next invoice.',
    middleware: [requireScope('ingest'), idempotent] as const,
    request: { body: jsonBody(eventEdit) },
    responses: { 200: jsonAnswer('Corrected', revisedAnswer), ...problemAnswers },
  }),
  async (c) => {
    c.req.valid('json')
    // As it was sent: the schema has changed the spelling of numbers.
    const { event_ref, ...changes } = await c.req.json<Record<string, unknown>>()
    const ref = String(event_ref)
    const change = (current: CurrentEvent) => {
      const { customer_ref, event_id, ...rest } = changes
      checkIdentity(identityOf(current), { customer_ref, event_id })
      return amendedEvent(current.event, rest)
    }
    return c.json(revisedOut(ref, await reviseUsage(c.env, ref, change, c.var.now)), 200)
  },
)

reviseRoutes.openapi(
  createRoute({
    ...common,
    method: 'delete',
    path: '/api/usage/event/{event_ref}',
    summary: 'Void an event: it counts no more',
    middleware: [requireScope('ingest'), idempotent] as const,
    request: { params: refParam },
    responses: { 200: jsonAnswer('Voided', revisedAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { event_ref: ref } = c.req.valid('param')
    return c.json(revisedOut(ref, await reviseUsage(c.env, ref, () => null, c.var.now)), 200)
  },
)

reviseRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/usage/event/{event_ref}',
    summary: 'Show an event as it counts by now',
    middleware: [requireScope('read')] as const,
    request: { params: refParam },
    responses: { 200: jsonAnswer('The event', currentAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { event_ref } = c.req.valid('param')
    const { event, eventId, receivedAt, isVoided, revision } = await findEvent(c.env, event_ref)
    const status = isVoided ? 'voided' : revision > 0 ? 'amended' : 'counted'
    return c.json(
      { ...event, event_ref, event_id: eventId, received_at: toIso(receivedAt), status } as const,
      200,
    )
  },
)

export const identityOf = ({ eventId, event }: CurrentEvent) => ({
  eventId,
  customerRef: String(event.customer_ref),
})

export const revisedOut = (ref: string, { eventId, event, outcome, cycle }: Revised) => ({
  ...event,
  event_ref: ref,
  event_id: eventId,
  outcome,
  cycle: cycle && isoPeriod(cycle),
})
