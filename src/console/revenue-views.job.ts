import { firstOfMonth, type LocalDate } from '../kernel/calendar.ts'
import { DIMENSIONS, TIMINGS } from '../ledger/entry-filter.ts'
import { GROUPS, type Group } from '../reports/revenue-figures.ts'
import {
  dailyRevenue,
  disaggregatedRevenue,
  priorPeriodRevenue,
  taxReport,
} from '../reports/revenue-reports.job.ts'
import { today } from '../reports/span.ts'
import { TAX_FIGURES, TAX_WORDS } from '../reports/tax-report.ts'
import { waterfallSums } from '../revenue/reports.store.ts'
import type { ReadView } from './read-view.job.ts'
import { largest, overRows } from './report-charts.ts'
import { type JournalQuery, journalPath, of } from './report-links.ts'
import { type Part, type Row, shortDay } from './report-view.ts'
import { taxParts, waterfallParts } from './revenue-parts.job.ts'
import { monthsAround, waterfallChart, waterfallGrid } from './waterfall-grid.ts'

export const readDays: ReadView = async (db, { asOf, now, scope }) => ({
  hint: 'Revenue of each day of the month, up to the day; that of a day is posted when it is over.',
  takesDate: true,
  words: ['day'],
  figures: ['revenue'],
  ...(await dailyRevenue(db, { from: firstOfMonth(asOf), to: asOf }, scope)),
  chart: (part) => ({
    title: 'Revenue by day',
    data: overRows(daysOver(part, today(now)), {
      kind: 'line',
      label: ({ day = '' }) => shortDay(day),
      figures: ['revenue'],
    }),
  }),
  entries: ({ day, currency }) =>
    journalPath({
      ...of(scope),
      account: 'revenue',
      currency,
      from: day ?? firstOfMonth(asOf),
      to: day ?? asOf,
    }),
})

/** Without the day that still runs: what it has so far would look like a fall. */
const daysOver = (part: Part, running: LocalDate): Part => ({
  ...part,
  rows: part.rows.filter(({ day = '' }) => day < running),
})

/** What of the journal a row is, by what it is a row of. */
const GROUP_FILTER: Record<Group, (key: string) => JournalQuery> = {
  product: (product_ref) => (product_ref ? { product_ref } : { without: 'product_ref' }),
  country: (key) => ({ country: key || 'none' }),
  entity: (entity_ref) => ({ entity_ref }),
  timing: (key) => ({ timing: TIMINGS.find((timing) => timing === key) }),
}

const GROUP_NAMES = [
  ['product', 'Product'],
  ['country', 'Country'],
  ['entity', 'Legal entity'],
  ['timing', 'Timing'],
] as const

export const readGroups: ReadView = async (db, { asOf, by, scope }) => {
  const group = GROUPS.find((known) => known === by) ?? 'product'
  const span = { from: firstOfMonth(asOf), to: asOf }
  const ofRow = ({ key }: Row) => (key === undefined ? {} : GROUP_FILTER[group](key))
  return {
    hint: 'Revenue of the month up to the day, by what it was earned with.',
    takesDate: true,
    words: ['name'],
    figures: ['revenue'],
    ...(await disaggregatedRevenue(db, span, scope, group)),
    choices: { label: 'By', param: 'by', now: group, of: GROUP_NAMES },
    chart: (part) => ({ title: `Revenue by ${group}`, data: largest(part, 'revenue') }),
    entries: (row) =>
      journalPath({ ...of(scope), account: 'revenue', currency: row.currency, ...span, ...ofRow(row) }),
  }
}

export const readWaterfall: ReadView = async (db, { asOf, scope }) => {
  const months = monthsAround(asOf)
  const sums = await waterfallSums(db, { from: months[0]!, to: months.at(-1)!, ...scope })
  return {
    hint: 'What was billed in which month, and the months in which it becomes revenue.',
    takesDate: true,
    words: ['booking_month'],
    figures: months,
    ...waterfallGrid(sums, months),
    chart: (part) => ({ title: 'Revenue by month', data: waterfallChart(part, months) }),
    parts: (row, month) => waterfallParts(db, scope, row, month),
  }
}

export const readEarlier: ReadView = async (db, { asOf, scope }) => {
  const span = { from: firstOfMonth(asOf), to: asOf }
  return {
    hint: 'Revenue of the month up to the day, for service that was given before it.',
    takesDate: true,
    words: ['contract_ref', 'product_ref', 'service_month'],
    figures: ['revenue'],
    ...(await priorPeriodRevenue(db, span, scope)),
    entries: ({ currency, contract_ref, product_ref, service_month }) =>
      journalPath({
        ...of(scope),
        ...{ account: 'revenue', currency, contract_ref, product_ref, belongs_before: span.from, ...span },
        ...{ belongs_in: service_month, ...unnamed({ contract_ref, product_ref }) },
      }),
  }
}

/** Unused credit that lapses is revenue of no contract, and of no product. */
const unnamed = (of: Pick<JournalQuery, 'contract_ref' | 'product_ref'>): JournalQuery => ({
  without: DIMENSIONS.find((dimension) => of[dimension] === ''),
})

export const readTaxes: ReadView = async (db, { asOf, scope }) => {
  const span = { from: firstOfMonth(asOf), to: asOf }
  return {
    hint: 'The month up to the day: what each tax is on, and what is owed of it.',
    takesDate: true,
    words: TAX_WORDS,
    figures: TAX_FIGURES,
    ...(await taxReport(db, span, scope)),
    id: ['entity_ref', 'tax_name', 'percent', 'reason'],
    parts: (row, figure) => taxParts(db, span, scope, row, figure),
  }
}
