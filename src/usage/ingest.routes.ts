import { createRoute, z } from '@hono/zod-openapi'
import { requireKeptScope } from '../access/auth.http.ts'
import { ingestCall } from '../http/ingest-call.http.ts'
import { jsonAnswer } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { Problem } from '../kernel/problem.ts'
import { recordBatch } from './batch.job.ts'
import { parsedBody, readBatch } from './batch.ts'
import { cloudEventBody } from './cloud-event.http.ts'
import { CLOUD_EVENT, CLOUD_EVENTS, takeCloudEvent, takeCloudEvents } from './cloud-events.routes.ts'
import { eventAnswerOf } from './event-answer.ts'
import { NDJSON } from './export.http.ts'
import {
  BATCH_BYTES_MAX,
  BATCH_KEY_CHARS_MAX,
  batchAnswer,
  batchKeyField,
  bodyText,
  EVENT_BYTES_MAX,
  EVENTS_MAX,
  eventAnswer,
  eventBody,
  eventIdField,
  idempotencyKey,
  idempotencyKeyParameter,
} from './ingest.http.ts'
import { recordEvent } from './ingest.job.ts'
import { readEvent } from './read-event.http.ts'

const EVENT = { $ref: '#/components/schemas/UsageEvent' }
const A_CLOUD_EVENT = { $ref: '#/components/schemas/CloudEvent' }
const common = { tags: ['Usage'] }

export const ingestRoutes = createRouter()

// The routes describe the event without checking it, so the document is told of it here.
ingestRoutes.openAPIRegistry.register('UsageEvent', eventBody)
ingestRoutes.openAPIRegistry.register('CloudEvent', cloudEventBody)

ingestRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/usage/event',
    summary: 'Record one usage event',
    description:
      'The answer comes when the event is durable. The same event sent again is a duplicate and changes nothing; ' +
      'the same id with other content is refused with 409 `event_conflict`.',
    middleware: [ingestCall, requireKeptScope('ingest'), takeCloudEvent] as const,
    parameters: [idempotencyKeyParameter(255)],
    request: {
      // Described and not checked here: an event of the usual form is read without the schema.
      body: {
        required: true,
        content: { 'application/json': { schema: EVENT }, [CLOUD_EVENT]: { schema: A_CLOUD_EVENT } },
      },
    },
    responses: {
      200: jsonAnswer('Recorded', eventAnswer),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { text } = await bodyText(c, ['application/json'], EVENT_BYTES_MAX)
    const sent = parsedBody(text)
    const event = readEvent(sent, c.var.now, idempotencyKey(c, eventIdField))
    const recorded = await recordEvent(c.env, event, c.var.now)
    return c.json({ ...(sent as Record<string, unknown>), ...eventAnswerOf(event, recorded) }, 200)
  },
)

ingestRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/usage/events',
    summary: `Record up to ${EVENTS_MAX} usage events`,
    description:
      'A JSON array of events, one event on each line (NDJSON), or CloudEvents 1.0. Each item has its own outcome; a bad one never ' +
      'refuses its neighbours. After an error of 5xx send the whole batch again: what was counted is a duplicate then.',
    middleware: [ingestCall, requireKeptScope('ingest'), takeCloudEvents] as const,
    parameters: [idempotencyKeyParameter(BATCH_KEY_CHARS_MAX)],
    request: {
      query: z.object({ identity: z.enum(['event', 'batch']).default('event') }).openapi({
        description:
          '`batch`: the Idempotency-Key identifies all events together, which costs least to keep. Without it each ' +
          'event has its own identity, and one without an `event_id` is known by the key and its place.',
      }),
      body: {
        required: true,
        content: {
          // Described and not checked here: each item is checked by itself.
          'application/json': {
            schema: {
              type: 'array',
              maxItems: EVENTS_MAX,
              items: EVENT,
            },
          },
          [NDJSON]: { schema: { type: 'string' } },
          [CLOUD_EVENT]: { schema: A_CLOUD_EVENT },
          [CLOUD_EVENTS]: { schema: { type: 'array', maxItems: EVENTS_MAX, items: A_CLOUD_EVENT } },
        },
      },
    },
    responses: {
      200: jsonAnswer('What became of each item', batchAnswer),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { mediaType, text } = await bodyText(c, ['application/json', NDJSON], BATCH_BYTES_MAX)
    const items = readBatch(text, mediaType === NDJSON ? 'ndjson' : 'json', EVENTS_MAX)
    const key = idempotencyKey(c, batchKeyField)
    const isWhole = c.req.valid('query').identity === 'batch'
    if (isWhole && key === undefined) throw keyMissing()
    return c.json(await recordBatch(c.env, items, c.var.now, { key, isWhole }), 200)
  },
)

const keyMissing = () =>
  new Problem(
    400,
    'idempotency_key_missing',
    'A batch that has one identity needs the header Idempotency-Key: it is the identity.',
  )
