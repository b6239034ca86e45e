import { createRoute, z } from '@hono/zod-openapi'
import type { Context, TypedResponse } from 'hono'
import { requireScope } from '../access/auth.http.ts'
import { jsonOrCsv } from '../http/csv.http.ts'
import { jsonAnswer } from '../http/json.http.ts'
import { problemAnswers } from '../http/problem.http.ts'
import { type AppEnv, createRouter } from '../http/router.http.ts'
import { textStream } from '../http/text-stream.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { invalid } from '../kernel/problem.ts'
import { askMeter } from './ask-meter.job.ts'
import { eventPage } from './event-page.job.ts'
import { eventRef } from './event-ref.ts'
import { csvOf, exportForm, NDJSON, ndjsonOf } from './export.http.ts'
import { type ExportExtent, exportedEvents } from './export.job.ts'
import type { StoredEvent } from './meter/event-list.store.ts'
import { eventsAnswer, eventsQuery, summaryAnswer, summaryQuery } from './usage.http.ts'
import { type ProductUsage, WINDOWS_MAX, windowsAtMost } from './usage-summary.ts'
import { windowAt } from './windows.ts'

const common = { tags: ['Usage'], middleware: [requireScope('read')] }

export const usageRoutes = createRouter()

usageRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    path: '/api/usage/events',
    summary: 'The raw events of a customer, the latest timestamp first',
    description:
      'With `Accept: text/csv` or `application/x-ndjson` all of them at once, in the order in which they came; ' +
      '`limit` and `cursor` are for pages of JSON. In CSV each key of the report data is a column.',
    request: { query: eventsQuery },
    responses: {
      200: {
        description: 'Events as they count by now',
        content: { ...jsonOrCsv(eventsAnswer), [NDJSON]: { schema: z.string() } },
      },
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { customer_ref, product_ref, from, to, limit, cursor } = c.req.valid('query')
    const form = exportForm(c)
    if (form) return answerExport(c, form, { customerRef: customer_ref, productRef: product_ref, from, to })
    const query = { productRef: product_ref, from, to, limit, cursor }
    const page = await eventPage(c.env, customer_ref, query)
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

/** All events at once, made while they are read. */
async function answerExport(
  c: Context<AppEnv>,
  form: 'csv' | 'ndjson',
  { from: start = 0, to: end = Number.MAX_SAFE_INTEGER, ...asked }: ExportAsked,
) {
  const extent: ExportExtent = new Map()
  async function* read() {
    for await (const events of exportedEvents(c.env, { ...asked, start, end }, extent))
      yield events.map((event) => eventOut(asked.customerRef, event))
  }
  const body = await textStream(form === 'csv' ? csvOf(read) : ndjsonOf(read()))
  const type = form === 'csv' ? 'text/csv; charset=utf-8' : NDJSON
  return c.body(body, 200, { 'content-type': type }) as unknown as Response &
    TypedResponse<string, 200, 'text'>
}

type ExportAsked = {
  customerRef: string
  productRef: string | undefined
  from: number | undefined
  to: number | undefined
}

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
