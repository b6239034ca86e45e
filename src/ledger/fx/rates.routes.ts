import { createRoute, z } from '@hono/zod-openapi'
import { requireScope } from '../../access/auth.http.ts'
import { isSandbox } from '../../env.ts'
import { answerCsv, jsonOrCsv, wantsCsv } from '../../http/csv.http.ts'
import { pageOf } from '../../http/fields.http.ts'
import { jsonAnswer } from '../../http/json.http.ts'
import { problemAnswers } from '../../http/problem.http.ts'
import { createRouter } from '../../http/router.http.ts'
import { toIso } from '../../kernel/calendar.ts'
import { invalid } from '../../kernel/problem.ts'
import { importRates } from './import-rates.job.ts'
import { lastRateDay } from './rate.ts'
import { sourceState } from './rate-fetch.store.ts'
import { checkedRates, readRateFile } from './rate-file.ts'
import {
  importedAnswer,
  RATE_COLUMNS,
  RATES_MAX,
  rateSchema,
  ratesBody,
  ratesQuery,
  showRate,
  sourceAnswer,
  sourceParam,
  sourceQuery,
} from './rates.http.ts'
import { listRates } from './rates.store.ts'

const common = { tags: ['Ledger'], path: '/api/fx-rates' }
const file = { schema: z.string() }

/** Exchange rates, as their source published them. */
export const rateRoutes = createRouter()

rateRoutes.openapi(
  createRoute({
    ...common,
    method: 'post',
    summary: 'Import exchange rates: JSON, CSV, or a daily file of the European Central Bank',
    description:
      'A rate never changes: the same rates again are known, so no Idempotency-Key is needed, and another rate for the same ' +
      'source, pair and day is refused, as is a day in the future. CSV has the columns date, base, quote, rate, or is a file of the European Central Bank ' +
      '(eurofxref.csv, eurofxref-hist-90d.csv, eurofxref-daily.xml).',
    middleware: [requireScope('finance')] as const,
    request: {
      query: sourceQuery,
      // Not marked as required: only a JSON body has to have the form of the schema.
      body: {
        content: { 'application/json': { schema: ratesBody }, 'text/csv': file, 'application/xml': file },
      },
    },
    responses: {
      200: jsonAnswer('How many are new, and how many were known', importedAnswer),
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { source } = c.req.valid('query')
    const body = c.req.valid('json')
    const publication = { source, lastDay: lastRateDay(c.var.now, isSandbox(c.env)) }
    const rates =
      typeof body === 'object' && 'rates' in body
        ? checkedRates(
            body.rates.map((rate, place) => ({ ...rate, where: `rates.${place}` })),
            publication,
          )
        : readRateFile(await c.req.text(), publication)
    if (rates.length > RATES_MAX)
      throw invalid('too_many_fx_rates', `A call takes ${RATES_MAX} rates; split the file.`)
    return c.json({ source, ...(await importRates(c.var.db, c.var, source, rates)) }, 200)
  },
)

rateRoutes.openapi(
  createRoute({
    ...common,
    method: 'get',
    summary: 'Exchange rates as they were published, the latest day first',
    middleware: [requireScope('read')] as const,
    request: { query: ratesQuery },
    responses: {
      200: {
        description: 'A page of rates; as `text/csv` the cursor in `x-next-cursor`',
        content: jsonOrCsv(pageOf(rateSchema)),
      },
      ...problemAnswers,
    },
  }),
  async (c) => {
    const { rows, nextCursor } = await listRates(c.var.db, c.req.valid('query'))
    const data = rows.map(showRate)
    if (wantsCsv(c)) return answerCsv(c, RATE_COLUMNS, data, nextCursor)
    return c.json({ data, next_cursor: nextCursor }, 200)
  },
)

rateRoutes.openapi(
  createRoute({
    ...common,
    path: '/api/fx-rates/sources/{source}',
    method: 'get',
    summary: 'How far the exchange rates of a source reach, and whether they could be fetched',
    middleware: [requireScope('read')] as const,
    request: { params: sourceParam },
    responses: { 200: jsonAnswer('The source', sourceAnswer), ...problemAnswers },
  }),
  async (c) => {
    const { source } = c.req.valid('param')
    const { latestDay = null, askedAt, failure } = await sourceState(c.var.db, source)
    const asked_at = askedAt === undefined ? null : toIso(askedAt)
    return c.json({ source, latest_date: latestDay, asked_at, failure }, 200)
  },
)
