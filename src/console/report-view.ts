import type { LocalDate } from '../kernel/calendar.ts'

export const REPORTS = [
  ['ageing', 'Receivables'],
  ['mrr', 'Recurring revenue'],
  ['cash', 'Cash forecast'],
  ['rpo', 'Remaining obligations'],
  ['rollforward', 'Contract positions'],
] as const
export type ReportName = (typeof REPORTS)[number][0]

type Row = Readonly<Record<string, string>>

/** A report as a table for each currency: columns of words, then columns of figures. */
export type ReportView = {
  name: ReportName
  /** What the figures are. */
  hint: string
  asOf: LocalDate
  /** False where the report is of the present only. */
  takesDate: boolean
  words: readonly string[]
  figures: readonly string[]
  /** Amounts are decimal strings in major units. */
  rows: readonly Row[]
  totals: readonly Row[]
  /** Whether it agrees with the ledger; undefined where no account holds it. */
  tied?: boolean
}

/** The rows of each currency, with the total of that currency where the report has one. */
export const byCurrency = ({ rows, totals }: ReportView): { currency: string; rows: Row[]; total?: Row }[] =>
  [...Map.groupBy(rows, ({ currency }) => currency ?? '')].map(([currency, own]) => {
    const total = totals.find((row) => row.currency === currency)
    return { currency, rows: own, ...(total && { total }) }
  })

/** `days_1_30` as people write it: `1–30 days`. */
export function headOf(column: string): string {
  const days = /^days_(\d+)_(\d+)$/.exec(column)
  if (days) return `${days[1]}–${days[2]} days`
  return HEADS[column] ?? column.charAt(0).toUpperCase() + column.slice(1).replaceAll('_', ' ')
}

const HEADS: Record<string, string> = {
  customer_name: 'Customer',
  contract_ref: 'Contract',
  entity_ref: 'Legal entity',
  days_over_90: 'Over 90 days',
  months_13_to_24: '13–24 months',
  arr: 'ARR',
}
