import { type Minor, parseMoney } from '../kernel/money.ts'
import type { ChartData } from '../web/chart-layout.ts'
import { headOf, type Part, type Row } from './report-view.ts'

/** Bars that there is room for beside each other with their names under them. */
const NAMES_MAX = 8
const NAME_LENGTH = 12

const amountIn = (row: Row | undefined, figure: string, currency: string): Minor =>
  parseMoney(row?.[figure] ?? '0', currency) ?? 0n

/** A label for each row, and a series for each figure. */
export const overRows = (
  { currency, rows }: Part,
  {
    kind,
    label,
    figures,
  }: { kind: ChartData['kind']; label: (row: Row) => string; figures: readonly string[] },
): ChartData => ({
  kind,
  labels: rows.map(label),
  series: figures.map((figure) => ({
    name: headOf(figure),
    amounts: rows.map((row) => amountIn(row, figure, currency)),
  })),
})

/** A label for each figure, and one series: what the figures of all rows come to. Those that are `taken` point down. */
export const overFigures = (
  { currency, total }: Part,
  figures: readonly string[],
  name: string,
  taken: readonly string[] = [],
): ChartData => ({
  kind: 'bars',
  labels: figures.map(headOf),
  series: [
    {
      name,
      amounts: figures.map((figure) => {
        const amount = amountIn(total, figure, currency)
        return taken.includes(figure) ? -amount : amount
      }),
    },
  ],
})

/** The rows with the largest figure, by name; they come in that order. */
export const largest = (part: Part, figure: string): ChartData =>
  overRows(
    { ...part, rows: part.rows.slice(0, NAMES_MAX) },
    { kind: 'bars', label: ({ name = '' }) => shortened(name || 'Unknown'), figures: [figure] },
  )

const shortened = (name: string): string =>
  name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name
