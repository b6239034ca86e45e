import { answerCsv, wantsCsv } from '../http/csv.http.ts'
import { createRouter } from '../http/router.http.ts'
import { AGES } from './ageing.ts'
import { MOVEMENTS } from './mrr.ts'
import { remainingObligations } from './remaining.job.ts'
import { REMAINING } from './remaining.ts'
import { report } from './report-route.http.ts'
import {
  ageingAnswer,
  asOfQuery,
  forecastAnswer,
  forecastQuery,
  mrrAnswer,
  mrrQuery,
  ROLLED,
  remainingAnswer,
  remainingQuery,
  rollforwardAnswer,
  spanQuery,
} from './reports.http.ts'
import { arAgeing, cashForecast, mrr, rollforward } from './reports.job.ts'
import { spanOfDays, spanOfMonths, today } from './span.ts'

/** Receivables, recurring revenue, cash, what remains, and how positions moved. */
export const reportRoutes = createRouter()

reportRoutes.openapi(
  report(
    'Reports',
    '/api/reports/ar-aging',
    'What each customer owes, by how late it is',
    asOfQuery,
    ageingAnswer,
  ),
  async (c) => {
    const { as_of = today(c.var.now), entity_ref: entityRef } = c.req.valid('query')
    const ageing = await arAgeing(c.var.db, as_of, { entityRef })
    const columns = ['customer_ref', 'customer_name', 'currency', ...AGES, 'total'] as const
    return wantsCsv(c) ? answerCsv(c, columns, ageing.rows) : c.json({ as_of, ...ageing }, 200)
  },
)

reportRoutes.openapi(
  report('Reports', '/api/reports/mrr', 'Monthly recurring revenue, and why it moved', mrrQuery, mrrAnswer),
  async (c) => {
    const { entity_ref: entityRef, ...asked } = c.req.valid('query')
    const rows = await mrr(c.var.db, spanOfMonths(asked, c.var.now), { entityRef })
    const columns = ['currency', 'month', 'opening', ...MOVEMENTS, 'closing', 'arr'] as const
    return wantsCsv(c) ? answerCsv(c, columns, rows) : c.json({ rows }, 200)
  },
)

reportRoutes.openapi(
  report(
    'Reports',
    '/api/reports/cash-forecast',
    'When money is due: open invoices, and the fees of those to come',
    forecastQuery,
    forecastAnswer,
  ),
  async (c) => {
    const { entity_ref: entityRef, ...query } = c.req.valid('query')
    const horizon = { ...query, asOf: today(c.var.now) }
    const rows = await cashForecast(c.var.db, horizon, { entityRef })
    const columns = ['currency', 'period', 'invoiced', 'upcoming', 'total'] as const
    return wantsCsv(c) ? answerCsv(c, columns, rows) : c.json({ as_of: horizon.asOf, rows }, 200)
  },
)

reportRoutes.openapi(
  report(
    'Revenue',
    '/api/revenue/rpo',
    'Remaining performance obligations: what is agreed and not yet recognised',
    remainingQuery,
    remainingAnswer,
  ),
  async (c) => {
    const { as_of = today(c.var.now), entity_ref: entityRef, framework } = c.req.valid('query')
    const remaining = await remainingObligations(c.var.db, as_of, { entityRef, framework })
    const columns = ['contract_ref', 'customer_ref', 'currency', ...REMAINING] as const
    return wantsCsv(c) ? answerCsv(c, columns, remaining.rows) : c.json({ as_of, ...remaining }, 200)
  },
)

reportRoutes.openapi(
  report(
    'Revenue',
    '/api/revenue/rollforward',
    'How contract positions moved: opening, billed, recognised, closing',
    spanQuery,
    rollforwardAnswer,
  ),
  async (c) => {
    const { entity_ref: entityRef, ...asked } = c.req.valid('query')
    const span = spanOfDays(asked, c.var.now)
    const moved = await rollforward(c.var.db, span, { entityRef })
    const columns = ['entity_ref', 'currency', ...ROLLED] as const
    return wantsCsv(c) ? answerCsv(c, columns, moved.rows) : c.json({ ...span, ...moved }, 200)
  },
)
