import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { idempotent } from '../access/idempotency.http.ts'
import { pageOf, pageQuery } from '../http/fields.http.ts'
import { jsonAnswer, jsonBody } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import {
  formatBody,
  formatNameField,
  formatSchema,
  previewAnswer,
  previewBody,
  showFormat,
} from './formats.http.ts'
import { deleteFormat, formatEvent, formatNamed, saveFormat } from './formats.job.ts'
import { listFormats } from './formats.store.ts'
import { readEvent } from './read-event.http.ts'

const common = { tags: ['Usage formats'] }
const nameParam = z.object({ format_name: formatNameField })

/** Stored formats: how events that come in other words are read. */
export const formatRoutes = createRouter()

formatRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/usage/formats',
    summary: 'Store a format, or put it in the place of the one of its name',
    description: 'Events that were recorded by the former one stay as they are.',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { body: jsonBody(formatBody) },
    responses: {
      200: jsonAnswer('Replaced, or there already', formatSchema),
      201: jsonAnswer('Stored', formatSchema),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { format_name, fields } = c.req.valid('json')
    const { format, created } = await saveFormat(c.var.db, c.var, format_name, fields)
    return c.json(showFormat(format), created ? 201 : 200)
  },
)

formatRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/usage/formats',
    summary: 'List formats, newest first',
    middleware: [requireScope('read')] as const,
    request: { query: pageQuery },
    responses: { 200: jsonAnswer('A page of formats', pageOf(formatSchema)), ...problemAnswers },
  }),
  async (c) => {
    const { rows, nextCursor } = await listFormats(c.var.db, c.req.valid('query'))
    return c.json({ data: rows.map(showFormat), next_cursor: nextCursor }, 200)
  },
)

formatRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/usage/formats/{format_name}',
    summary: 'Show a format',
    middleware: [requireScope('read')] as const,
    request: { params: nameParam },
    responses: { 200: jsonAnswer('The format', formatSchema), ...problemAnswers },
  }),
  async (c) => c.json(showFormat(await formatNamed(c.var.db, c.req.valid('param').format_name)), 200),
)

formatRoutes.openapi(
  createRoute({
    ...common,
    method: 'delete',
    path: '/api/usage/formats/{format_name}',
    summary: 'Delete a format',
    middleware: [requireScope('finance'), idempotent] as const,
    request: { params: nameParam },
    responses: { 204: { description: 'Deleted' }, ...problemAnswers },
  }),
  async (c) => {
    await deleteFormat(c.var.db, c.var, c.req.valid('param').format_name)
    return c.body(null, 204)
  },
)

formatRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    path: '/api/usage/formats/{format_name}/preview',
    summary: 'Show what a format makes of an event, and record nothing',
    middleware: [requireScope('read')] as const,
    request: { params: nameParam, body: jsonBody(previewBody) },
    responses: { 200: jsonAnswer('The usage event', previewAnswer), ...problemAnswers },
  }),
  async (c) => {
    const event = await formatEvent(c.var.db, c.req.valid('param').format_name, c.req.valid('json').event)
    // Refused here just as it would be there.
    readEvent(event, c.var.now)
    return c.json({ event: event as z.infer<typeof previewAnswer>['event'] }, 200)
  },
)
