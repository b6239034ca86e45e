import { createRoute, z } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { requireScope } from '../access/auth.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { conflict, invalid, type Problem } from '../kernel/problem.ts'
import { recordBatch } from './batch.job.ts'
import { readBatch } from './batch.ts'
import {
  BATCH_BYTES_MAX,
  batchAnswer,
  EVENT_BYTES_MAX,
  EVENTS_MAX,
  eventAnswer,
  eventBody,
  eventIdField,
  mediaTypeOf,
  utf8Body,
  utf8Text,
} from './ingest.http.ts'
import { recordEvent } from './ingest.job.ts'
import type { Period } from './period.ts'
import { usageEvent } from './usage-event.ts'
import type { Refusal } from './verdict.ts'

const NDJSON = 'application/x-ndjson'
const common = { tags: ['Usage'], security: [{ bearer: [] }] }

export const ingestRoutes = createRouter()

ingestRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/usage/event',
    summary: 'Record one usage event',
    description:
      'The answer comes when the event is durable. The same event sent again is a duplicate and changes nothing; ' +
      'the same id with other content is refused with 409 `event_conflict`.',
    middleware: [
      requireScope('ingest'),
      bodyLimit({ maxSize: EVENT_BYTES_MAX }),
      utf8Body('application/json'),
    ] as const,
    request: {
      headers: z.object({ 'idempotency-key': eventIdField.optional() }),
      body: jsonBody(eventBody),
    },
    responses: {
      200: jsonAnswer('Recorded', eventAnswer),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const raw = await c.req.json<Record<string, unknown>>()
    const key = c.req.valid('header')['idempotency-key']
    const event = usageEvent(c.req.valid('json'), raw, c.var.now, key)
    const { eventRef, verdict, shown } = await recordEvent(c.env, event, c.var.now)
    if ('code' in verdict) throw refusal(verdict)
    const { cycle, cycleTotal } = shown
    return c.json(
      {
        ...raw,
        event_ref: eventRef,
        event_id: event.eventId,
        outcome: verdict.outcome,
        cycle: cycle && isoPeriod(cycle),
        cycle_total: cycleTotal,
      },
      200,
    )
  },
)

ingestRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/usage/events',
    summary: `Record up to ${EVENTS_MAX} usage events`,
    description:
      'A JSON array of events, or one event on each line (NDJSON). Each item has its own outcome; a bad one never ' +
      'refuses its neighbours. After an error of 5xx send the whole batch again: what was counted is a duplicate then.',
    middleware: [
      requireScope('ingest'),
      bodyLimit({ maxSize: BATCH_BYTES_MAX }),
      utf8Body('application/json', NDJSON),
    ] as const,
    request: {
      body: {
        required: true,
        content: {
          // Described and not checked here: each item is checked by itself.
          'application/json': {
            schema: {
              type: 'array',
              maxItems: EVENTS_MAX,
              items: { $ref: '#/components/schemas/UsageEvent' },
            },
          },
          [NDJSON]: { schema: { type: 'string' } },
        },
      },
    },
    responses: {
      200: jsonAnswer('What became of each item', batchAnswer),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const form = mediaTypeOf(c.req.header('content-type')) === NDJSON ? 'ndjson' : 'json'
    const items = readBatch(await utf8Text(c), form, EVENTS_MAX)
    return c.json(await recordBatch(c.env, items, c.var.now), 200)
  },
)

const refusal = ({ outcome, code, detail, path }: Refusal): Problem =>
  outcome === 'conflict' ? conflict(code, detail) : invalid(code, detail, [{ path, message: detail }])

const isoPeriod = ({ start, end }: Period) => ({ start: toIso(start), end: toIso(end) })
