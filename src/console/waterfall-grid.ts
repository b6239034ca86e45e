import { addMonths, type LocalDate, monthOf } from '../kernel/calendar.ts'
import { formatMoney, parseMoney, sum } from '../kernel/money.ts'
import type { WaterfallSum } from '../revenue/waterfall.ts'
import type { ChartData } from '../web/chart-layout.ts'
import { headOf, type Part, type Row } from './report-view.ts'

const MONTHS_BEFORE = 5
const MONTHS = 12

/** The months of recognition that are shown around a day: five before its own, and six after it. */
export const monthsAround = (asOf: LocalDate): string[] =>
  Array.from({ length: MONTHS }, (_, place) =>
    monthOf(addMonths(`${monthOf(asOf)}-01`, place - MONTHS_BEFORE)),
  )

/**
 * The waterfall as a grid: a row for each month of billing and a column for each month of recognition, in major units. A
 * total also has what of each month is posted, under `posted_<month>`.
 */
export const waterfallGrid = (
  sums: readonly WaterfallSum[],
  months: readonly string[],
): { rows: Row[]; totals: Row[] } => ({
  rows: groups(sums, ({ currency, bookingMonth }) => `${currency} ${bookingMonth}`).map((own) => ({
    currency: own[0]!.currency,
    booking_month: own[0]!.bookingMonth,
    ...cells(own, months),
  })),
  totals: groups(sums, ({ currency }) => currency).map((own) => ({
    currency: own[0]!.currency,
    ...cells(own, months),
    ...posted(own, months),
  })),
})

/** What of each month is posted, and on top of it what is planned. */
export function waterfallChart({ currency, total }: Part, months: readonly string[]): ChartData {
  const amount = (figure: string) => parseMoney(total?.[figure] ?? '0', currency) ?? 0n
  return {
    kind: 'stack',
    labels: months.map(headOf),
    series: [
      { name: 'Recognised', amounts: months.map((month) => amount(`posted_${month}`)) },
      { name: 'Scheduled', amounts: months.map((month) => amount(month) - amount(`posted_${month}`)) },
    ],
  }
}

const cells = (own: readonly WaterfallSum[], months: readonly string[]): Row =>
  Object.fromEntries(
    months.map((month) => [month, written(own, month, (one) => one.recognised + one.scheduled)]),
  )

const posted = (own: readonly WaterfallSum[], months: readonly string[]): Row =>
  Object.fromEntries(months.map((month) => [`posted_${month}`, written(own, month, (one) => one.recognised)]))

const written = (own: readonly WaterfallSum[], month: string, of: (one: WaterfallSum) => bigint): string =>
  formatMoney(sum(own.filter((one) => one.month === month).map(of)), own[0]!.currency)

const groups = (sums: readonly WaterfallSum[], keyOf: (one: WaterfallSum) => string): WaterfallSum[][] =>
  [...Map.groupBy(sums, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, own]) => own)
