import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../../access/auth.http.ts'
import type { Metric } from '../../catalog/metric.ts'
import { jsonAnswer, jsonBody } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { toIso } from '../../kernel/calendar.ts'
import { formatQuantity } from '../quantity.ts'
import { readGroup } from './grouping.ts'
import { type MeteredGroups, meteredGroups } from './metered-value.ts'
import { aggregateAnswer, aggregateBody, readEvents, readRange } from './preview.http.ts'
import { meteredWindows, previewCells, windowsOf } from './preview.ts'

/** Billing decisions that leave no trace: here the quantity that a metric makes of events. */
export const metricPreviewRoutes = createRouter()

metricPreviewRoutes.openapi(
  createRoute({
    tags: ['Preview'],
    method: 'post',
    path: '/api/preview/aggregate',
    summary: 'What a metric makes of events',
    middleware: [requireScope('read')] as const,
    request: { body: jsonBody(aggregateBody) },
    responses: {
      200: jsonAnswer(
        'The quantity as it would be billed: one, or by group, or by window; no value is 0',
        aggregateAnswer,
      ),
      ...problemAnswers,
    },
  }),
  (c) => {
    const body = c.req.valid('json')
    const { metric, window, timezone } = body
    const range = readRange(body)
    const cells = previewCells(metric, readEvents(body))
    if (!window) return c.json(shown(metric, meteredGroups(metric, cells, range)), 200)
    const windows = meteredWindows(metric, cells, windowsOf(range, window, timezone)).map((metered) => ({
      start: toIso(metered.start),
      end: toIso(metered.end),
      value: formatQuantity(metered.total),
      ...(metric.group_by && { groups: groupsShown(metric, metered) }),
    }))
    return c.json({ windows }, 200)
  },
)

const shown = (metric: Metric, metered: MeteredGroups) =>
  metric.group_by ? { groups: groupsShown(metric, metered) } : { value: formatQuantity(metered.total) }

const groupsShown = (metric: Metric, { groups }: MeteredGroups) =>
  groups.map(({ group, value }) => ({ group: readGroup(metric, group), value: formatQuantity(value) }))
