import { createRoute } from '@hono/zod-openapi'
import { requireScope } from '../access/auth.http.ts'
import { jsonAnswer } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { createRouter } from '../http/router.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { cursorParts, paged } from '../kernel/page.ts'
import { invalid } from '../kernel/problem.ts'
import { askMeter } from './ask-meter.job.ts'
import { eventRef } from './event-ref.ts'
import type { EventPlace, StoredEvent } from './meter/raw-events.store.ts'
import { eventsAnswer, eventsQuery, summaryAnswer, summaryQuery } from './usage.http.ts'
import { type ProductUsage, WINDOWS_MAX, windowAt, windowsAtMost } from './usage-summary.ts'

const common = { tags: ['Usage'], security: [{ bearer: [] }], middleware: [requireScope('read')] }

export const usageRoutes = createRouter()

usageRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/usage/events',
    summary: 'The raw events of a customer, the latest timestamp first',
    request: { query: eventsQuery },
    responses: {
      200: jsonAnswer('Events as they were sent', eventsAnswer),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { customer_ref, product_ref, from, to, limit, cursor } = c.req.valid('query')
    const after = placeOfEvent(cursor)
    const query = { productRef: product_ref, from, to, limit, after }
    const events = await askMeter(c.env, customer_ref, (meter) => meter.list(query) as Promise<StoredEvent[]>)
    const page = paged(events, limit, ({ at, shard, number }) => `${at}.${shard}.${number}`)
    const data = page.rows.map((event) => eventOut(customer_ref, event))
    return c.json({ data, next_cursor: page.nextCursor }, 200)
  },
)

usageRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/usage/summary',
    summary: 'Live totals of a customer, exact',
    request: { query: summaryQuery },
    responses: {
      200: jsonAnswer('Usage by product, and by window where one is asked for', summaryAnswer),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { customer_ref, product_ref, window, timezone, ...range } = c.req.valid('query')
    const start = range.from ?? windowAt(c.var.now, 'month', timezone).start
    const end = range.to ?? windowAt(start, 'month', timezone).end
    const query = { start, end, productRef: product_ref, window, timezone }
    if (start > end || windowsAtMost(query) > WINDOWS_MAX) {
      throw invalid(
        'invalid_range',
        `"from" must not be after "to", nor more than ${WINDOWS_MAX} windows before it.`,
      )
    }
    const products = await askMeter(c.env, customer_ref, (meter) => meter.summary(query))
    return c.json(
      {
        customer_ref,
        from: toIso(start),
        to: toIso(end),
        window: window ?? null,
        timezone,
        data: products.map(productOut),
      },
      200,
    )
  },
)

const eventOut = (customerRef: string, { eventId, receivedAt, amended, event }: StoredEvent) => ({
  ...event,
  event_ref: eventRef(customerRef, eventId),
  event_id: eventId,
  received_at: toIso(receivedAt),
  amended,
})

const productOut = ({ productRef, quantity, events, value, windows }: ProductUsage) => ({
  product_ref: productRef,
  quantity,
  events,
  value,
  windows: windows.map((window) => ({
    start: toIso(window.start),
    end: toIso(window.end),
    quantity: window.quantity,
    events: window.events,
    value: window.value,
  })),
})

const EVENT_CURSOR = /^(\d{1,15})\.(\d{1,2})\.(\d{1,15})$/

function placeOfEvent(cursor: string | undefined): EventPlace | undefined {
  const [at, shard, number] = cursorParts(cursor, EVENT_CURSOR) ?? []
  return at && shard && number ? { at: Number(at), shard: Number(shard), number: Number(number) } : undefined
}
