import { answerCsv, wantsCsv } from '../http/csv.http.ts'
import { createRouter } from '../http/router.http.ts'
import { ACCRUED, BALANCE_WORDS, BALANCES, DEFERRED } from './contract-balances.ts'
import { report } from './report-route.http.ts'
import { asOfQuery, spanQuery } from './reports.http.ts'
import { EARLIER_WORDS } from './revenue-figures.ts'
import {
  balancesAnswer,
  byDayAnswer,
  deferredAnswer,
  disaggregationAnswer,
  disaggregationQuery,
  priorPeriodAnswer,
  taxAnswer,
  unbilledAnswer,
} from './revenue-reports.http.ts'
import {
  contractBalances,
  dailyRevenue,
  deferredRevenue,
  disaggregatedRevenue,
  priorPeriodRevenue,
  taxReport,
  unbilledUsage,
} from './revenue-reports.job.ts'
import { spanOfDays, today } from './span.ts'
import { TAX_FIGURES, TAX_WORDS } from './tax-report.ts'

/** What the books say about revenue and its taxes: where contracts stand, and what was earned when, and with what. */
export const revenueReportRoutes = createRouter()

const balances = 'What each contract is: liability, asset or unbilled receivable, never netted with others'
revenueReportRoutes.openapi(
  report('Revenue', '/api/revenue/contract-balances', balances, asOfQuery, balancesAnswer),
  async (c) => {
    const { as_of = today(c.var.now), entity_ref: entityRef } = c.req.valid('query')
    const found = await contractBalances(c.var.db, as_of, { entityRef })
    const columns = [...BALANCE_WORDS, 'currency', ...BALANCES] as const
    return wantsCsv(c) ? answerCsv(c, columns, found.rows) : c.json({ as_of, ...found }, 200)
  },
)

const unbilled = 'Usage that is revenue and on no invoice yet, by contract'
revenueReportRoutes.openapi(
  report('Revenue', '/api/revenue/unbilled', unbilled, asOfQuery, unbilledAnswer),
  async (c) => {
    const { as_of = today(c.var.now), entity_ref: entityRef } = c.req.valid('query')
    const found = await unbilledUsage(c.var.db, as_of, { entityRef })
    const columns = [...BALANCE_WORDS, 'currency', ...ACCRUED] as const
    return wantsCsv(c) ? answerCsv(c, columns, found.rows) : c.json({ as_of, ...found }, 200)
  },
)

const deferred = 'Deferred revenue by contract: earned within twelve months, and later'
revenueReportRoutes.openapi(
  report('Revenue', '/api/revenue/deferred', deferred, asOfQuery, deferredAnswer),
  async (c) => {
    const { as_of = today(c.var.now), entity_ref: entityRef } = c.req.valid('query')
    const found = await deferredRevenue(c.var.db, as_of, { entityRef })
    const columns = [...BALANCE_WORDS, 'currency', ...DEFERRED] as const
    return wantsCsv(c) ? answerCsv(c, columns, found.rows) : c.json({ as_of, ...found }, 200)
  },
)

revenueReportRoutes.openapi(
  report('Revenue', '/api/revenue/by-day', 'Revenue of each posting date', spanQuery, byDayAnswer),
  async (c) => {
    const { entity_ref: entityRef, ...asked } = c.req.valid('query')
    const span = spanOfDays(asked, c.var.now)
    const found = await dailyRevenue(c.var.db, span, { entityRef })
    const columns = ['day', 'currency', 'revenue'] as const
    return wantsCsv(c) ? answerCsv(c, columns, found.rows) : c.json({ ...span, ...found }, 200)
  },
)

const disaggregation = 'Revenue by product, by the country of the customer, by legal entity, or by timing'
revenueReportRoutes.openapi(
  report('Revenue', '/api/revenue/disaggregation', disaggregation, disaggregationQuery, disaggregationAnswer),
  async (c) => {
    const { entity_ref: entityRef, by, ...asked } = c.req.valid('query')
    const span = spanOfDays(asked, c.var.now)
    const found = await disaggregatedRevenue(c.var.db, span, { entityRef }, by)
    const columns = ['key', 'name', 'currency', 'revenue'] as const
    return wantsCsv(c) ? answerCsv(c, columns, found.rows) : c.json({ ...span, by, ...found }, 200)
  },
)

const prior = 'Revenue of service that was performed before the span'
revenueReportRoutes.openapi(
  report('Revenue', '/api/revenue/prior-period', prior, spanQuery, priorPeriodAnswer),
  async (c) => {
    const { entity_ref: entityRef, ...asked } = c.req.valid('query')
    const span = spanOfDays(asked, c.var.now)
    const found = await priorPeriodRevenue(c.var.db, span, { entityRef })
    const columns = [...EARLIER_WORDS, 'currency', 'revenue'] as const
    return wantsCsv(c) ? answerCsv(c, columns, found.rows) : c.json({ ...span, ...found }, 200)
  },
)

const taxes = 'Taxes by seller, name and percent: what they are on, and what is owed'
revenueReportRoutes.openapi(report('Reports', '/api/reports/tax', taxes, spanQuery, taxAnswer), async (c) => {
  const { entity_ref: entityRef, ...asked } = c.req.valid('query')
  const span = spanOfDays(asked, c.var.now)
  const found = await taxReport(c.var.db, span, { entityRef })
  const columns = [...TAX_WORDS, 'currency', ...TAX_FIGURES] as const
  return wantsCsv(c) ? answerCsv(c, columns, found.rows) : c.json({ ...span, ...found }, 200)
})
