import { formatMoney, type Minor, sum } from '../kernel/money.ts'

/** A line of a report before it is written out: what it is of, and its figures in minor units. */
export type Measured<Word extends string, Figure extends string> = {
  currency: string
  words: Record<Word, string>
  figures: Record<Figure, Minor>
}

export type Tabulated<Word extends string, Figure extends string> = {
  /** Decimal strings in major units. */
  rows: ({ currency: string } & Record<Word | Figure, string>)[]
  totals: ({ currency: string } & Record<Figure, string>)[]
}

/**
 * Writes the lines of a report out in major units, and under them the total of each currency: amounts of different
 * currencies are never added up.
 *
 * @param figures the names of the figures, for currencies that have no line
 */
export function tabulate<Word extends string, Figure extends string>(
  lines: readonly Measured<Word, Figure>[],
  figures: readonly Figure[],
): Tabulated<Word, Figure> {
  const written = (currency: string, amountOf: (figure: Figure) => Minor) =>
    Object.fromEntries(figures.map((figure) => [figure, formatMoney(amountOf(figure), currency)])) as Record<
      Figure,
      string
    >
  const byCurrency = Map.groupBy(lines, ({ currency }) => currency)
  return {
    rows: lines.map((line) => ({
      currency: line.currency,
      ...line.words,
      ...written(line.currency, (figure) => line.figures[figure]),
    })),
    totals: [...byCurrency]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, own]) => ({
        currency,
        ...written(currency, (figure) => sum(own.map((line) => line.figures[figure]))),
      })),
  }
}

/** The sum of one figure in each currency, minor units. */
export function sumByCurrency<Row extends { currency: string }>(
  rows: readonly Row[],
  amountOf: (row: Row) => Minor,
): Map<string, Minor> {
  const sums = new Map<string, Minor>()
  for (const row of rows) sums.set(row.currency, (sums.get(row.currency) ?? 0n) + amountOf(row))
  return sums
}

/** True when both say the same of every currency; one that only one of them names has to be zero there. */
export const agree = (a: ReadonlyMap<string, Minor>, b: ReadonlyMap<string, Minor>): boolean =>
  [...new Set([...a.keys(), ...b.keys()])].every(
    (currency) => (a.get(currency) ?? 0n) === (b.get(currency) ?? 0n),
  )
