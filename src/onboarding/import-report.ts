import type { Fault } from '../kernel/problem.ts'

/** What an import takes, in the order in which it is written: later kinds refer to earlier ones. */
export const KINDS = ['entities', 'products', 'customers', 'contracts', 'open_invoices'] as const
export type Kind = (typeof KINDS)[number]

/** `updated`: edited, or set up after it was first heard of in usage events. */
export const OUTCOMES = ['created', 'unchanged', 'updated', 'refused'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** One row as it was sent. */
export type ImportRow = {
  /** Counted from 1 within its kind, without the header of a file. */
  row: number
  content: unknown
  /** True for the cells of a CSV file, which are text whatever they mean. */
  isText: boolean
  /** What keeps the row from being read at all. */
  faults: readonly Fault[]
}

export type RowReport = { kind: Kind; row: number; ref: string | null; outcome: Outcome; errors: Fault[] }

export type Totals = Record<Outcome, number>

/** A row may have one fault for each of its many prices; so many are enough to mend it by. */
const FAULTS_MAX = 20

export const reported = (
  kind: Kind,
  { row }: Pick<ImportRow, 'row'>,
  ref: string | null,
  outcome: Outcome,
  errors: readonly Fault[] = [],
): RowReport => ({ kind, row, ref, outcome, errors: errors.slice(0, FAULTS_MAX) })

export function totalsOf(reports: readonly RowReport[]): Totals {
  const totals: Totals = { created: 0, unchanged: 0, updated: 0, refused: 0 }
  for (const { outcome } of reports) totals[outcome]++
  return totals
}
