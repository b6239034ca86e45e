import { monthOf } from '../kernel/calendar.ts'
import { AGES } from '../reports/ageing.ts'
import { MOVEMENTS } from '../reports/mrr.ts'
import { arAgeing, cashForecast, mrr } from '../reports/reports.job.ts'
import { spanOfMonths, today } from '../reports/span.ts'
import { ageingParts, cashParts, mrrParts } from './money-parts.job.ts'
import type { ReadView } from './read-view.job.ts'
import { overFigures, overRows } from './report-charts.ts'
import { addedUp, headOf } from './report-view.ts'

const FORECAST = { by: 'month', periods: 12 } as const

export const readAgeing: ReadView = async (db, { asOf, scope }) => ({
  hint: 'Open invoices by days past the due date.',
  takesDate: true,
  words: ['customer_name'],
  figures: [...AGES, 'total'],
  ...(await arAgeing(db, asOf, scope)),
  chart: (part) => ({ title: 'Open invoices by age', data: overFigures(part, AGES, 'Open') }),
  id: ['customer_ref'],
  parts: (row, figure) => ageingParts(db, asOf, scope, row, figure),
})

export const readMrr: ReadView = async (db, { asOf, now, scope }) => {
  const span = spanOfMonths({ to: monthOf(asOf) }, now)
  return {
    hint: 'Recurring fees for a month at the end of each month, and why they moved.',
    takesDate: true,
    words: ['month'],
    figures: ['opening', ...MOVEMENTS, 'closing', 'arr'],
    rows: await mrr(db, span, scope),
    totals: [],
    chart: (part) => ({
      title: 'Why recurring revenue moved, by month',
      data: overRows(part, {
        kind: 'stack',
        label: ({ month = '' }) => headOf(month),
        figures: ['new', 'reactivation', 'expansion', 'contraction', 'churn'],
      }),
    }),
    parts: (row, figure) => mrrParts(db, span, scope, row, figure),
  }
}

const CASH = ['invoiced', 'upcoming', 'total']

export const readCash: ReadView = async (db, { now, scope }) => {
  const horizon = { ...FORECAST, asOf: today(now) }
  const rows = await cashForecast(db, horizon, scope)
  return {
    hint: 'Open invoices by due date, and the fees of invoices to come. Usage to come is not guessed.',
    takesDate: false,
    words: ['period'],
    figures: CASH,
    rows,
    totals: addedUp(rows, CASH),
    chart: (part) => ({
      title: 'Money that is due, by month',
      data: overRows(part, {
        kind: 'stack',
        label: ({ period = '' }) => headOf(period),
        figures: ['invoiced', 'upcoming'],
      }),
    }),
    parts: (row, figure) => cashParts(db, horizon, scope, row, figure),
  }
}
