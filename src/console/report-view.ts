import type { LocalDate } from '../kernel/calendar.ts'
import { formatMoney, type Minor, parseMoney, sum } from '../kernel/money.ts'
import type { ChartData } from '../web/chart-layout.ts'

export const REPORTS = [
  ['ageing', 'Receivables'],
  ['cash', 'Cash forecast'],
  ['mrr', 'Recurring revenue'],
  ['days', 'Revenue by day'],
  ['groups', 'Disaggregation'],
  ['waterfall', 'Waterfall'],
  ['earlier', 'Earlier service'],
  ['rollforward', 'Contract positions'],
  ['balances', 'Contract balances'],
  ['unbilled', 'Unbilled'],
  ['deferred', 'Deferred'],
  ['rpo', 'Remaining obligations'],
  ['tax', 'Taxes'],
] as const
export type ReportName = (typeof REPORTS)[number][0]

export type Row = Readonly<Record<string, string>>

/** The part of a report that is in one currency. */
export type Part = { currency: string; rows: readonly Row[]; total?: Row }

/** A part of a figure; `path` leads to what it is made of in turn. */
export type FigurePart = { what: string; amount: Minor; path?: string | undefined }

/** A report as a table for each currency: columns of words, then columns of figures. */
export type ReportView = {
  name: ReportName
  /** What the figures are. */
  hint: string
  asOf: LocalDate
  /** Undefined for all legal entities together. */
  entityRef: string | undefined
  /** False where the report is of the present only. */
  takesDate: boolean
  words: readonly string[]
  figures: readonly string[]
  /** Those figures that are left out of a currency in which all of them are zero. */
  rare?: readonly string[]
  /** Amounts are decimal strings in major units. */
  rows: readonly Row[]
  totals: readonly Row[]
  /** Whether it agrees with the ledger; undefined where no account holds it. */
  tied?: boolean
  /** The same report by other things: the name of the parameter, what it is now, and what it may be. */
  choices?: { label: string; param: string; now: string; of: readonly (readonly [string, string])[] }
  /** What is drawn of it. */
  chart?: (part: Part) => { title: string; data: ChartData }
  /** The columns that tell rows of one currency apart, where the words are not enough. */
  id?: readonly string[]
  /** The address of the entries that a figure is the sum of; undefined where it is no such sum. */
  entries?: (row: Row, figure: string) => string | undefined
  /** What a figure of a row is made of where no entries are; that of a total is made of the rows. */
  parts?: (row: Row, figure: string) => Promise<FigurePart[]>
}

/** What a row is called in addresses. */
export const rowKey = ({ words, id = words }: Pick<ReportView, 'words' | 'id'>, row: Row): string =>
  id.map((column) => row[column] ?? '').join('|')

/** A figure of a row or of a total in minor units. */
export const amountOf = (row: Row, figure: string): Minor =>
  parseMoney(row[figure] ?? '0', row.currency ?? '') ?? 0n

/** The rows of each currency, by its code, with the total of that currency where the report has one. */
export const byCurrency = ({ rows, totals }: Pick<ReportView, 'rows' | 'totals'>): Part[] =>
  [...Map.groupBy(rows, ({ currency }) => currency ?? '')]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, own]) => {
      const total = totals.find((row) => row.currency === currency)
      return { currency, rows: own, ...(total && { total }) }
    })

/** The figures of a part: those that are rare only where there is one. */
export const figuresOf = (
  { figures, rare = [] }: Pick<ReportView, 'figures' | 'rare'>,
  rows: readonly Row[],
): string[] =>
  figures.filter((figure) => !rare.includes(figure) || rows.some((row) => /[1-9]/.test(row[figure] ?? '')))

/** The total of each currency, for a report that comes without. */
export const addedUp = (rows: readonly Row[], figures: readonly string[]): Row[] =>
  [...Map.groupBy(rows, ({ currency }) => currency ?? '')].map(([currency, own]) => {
    const total = (figure: string) => sum(own.map((row) => parseMoney(row[figure] ?? '0', currency) ?? 0n))
    return {
      currency,
      ...Object.fromEntries(figures.map((figure) => [figure, formatMoney(total(figure), currency)])),
    }
  })

const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' })

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** `2026-11-01` is `1 Nov`, where the year is said elsewhere. */
export const shortDay = (date: LocalDate): string => DAY.format(new Date(`${date}T00:00:00Z`))

/** `days_1_30` as people write it: `1–30 days`; `2026-03` is `Mar 2026`. */
export function headOf(column: string): string {
  const days = /^days_(\d+)_(\d+)$/.exec(column)
  if (days) return `${days[1]}–${days[2]} days`
  if (/^\d{4}-\d{2}$/.test(column)) return MONTH.format(new Date(`${column}-01T00:00:00Z`))
  return HEADS[column] ?? column.charAt(0).toUpperCase() + column.slice(1).replaceAll('_', ' ')
}

const HEADS: Record<string, string> = {
  customer_name: 'Customer',
  customer_ref: 'Customer',
  contract_ref: 'Contract',
  product_ref: 'Product',
  entity_ref: 'Legal entity',
  booking_month: 'Billed in',
  days_over_90: 'Over 90 days',
  months_13_to_24: '13–24 months',
  non_current: 'Non-current',
  arr: 'ARR',
}
