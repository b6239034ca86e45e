import type { MatrixRow, ModelOf } from '../catalog/price.ts'
import { ownValue } from '../kernel/own-value.ts'
import { add, decimal, isNegative, isZero, multiply, type Rational, ZERO } from '../kernel/rational.ts'
import { type LineDetailExact, type Rated, ratedOf } from './rated.ts'
import { dimensionedParts, type RatedUsage, type UsageGroup } from './rated-usage.ts'

/**
 * A unit price by the values of dimensions. Each part of the usage is counted once, in the most specific row that it
 * matches; what matches none has the default price. A row of which more was taken back than used bills nothing.
 *
 * @example eu at 2, eu and gpu at 5, else 1: 10 in eu, 3 in eu with gpu, 4 in us: 20 + 15 + 4 = 39
 */
export function rateMatrix(model: ModelOf<'matrix'>, usage: RatedUsage): Rated {
  const rows = [...model.rows].sort(moreSpecificFirst).map((row) => ({ row, matches: matcher(row) }))
  const quantities = new Map<MatrixRow | undefined, Rational>()
  for (const { group, quantity } of dimensionedParts(usage)) {
    const row = rows.find(({ matches }) => matches(group))?.row
    quantities.set(row, add(quantities.get(row) ?? ZERO, quantity))
  }
  return ratedOf(
    [...model.rows, undefined].flatMap((row) => rowOf(row, quantities.get(row), model.default_unit_amount)),
  )
}

function rowOf(
  row: MatrixRow | undefined,
  quantity: Rational | undefined,
  defaultAmount: string,
): LineDetailExact[] {
  if (quantity === undefined || isZero(quantity) || isNegative(quantity)) return []
  const unitAmount = decimal(row?.unit_amount ?? defaultAmount)
  return [
    {
      description: row ? (row.name ?? inWords(row.match)) : 'All other',
      quantity,
      unitAmount,
      amount: multiply(quantity, unitAmount),
    },
  ]
}

function matcher({ match }: MatrixRow): (group: UsageGroup) => boolean {
  const wanted = Object.entries(match).map(
    ([key, values]) => [key, values === '*' ? null : new Set(values)] as const,
  )
  return (group) =>
    wanted.every(([key, values]) => {
      const value = ownValue(group, key) ?? null
      return value !== null && (values === null || values.has(value))
    })
}

/**
 * A row that matches a part of what another one matches stands before it: it has more dimensions, or lists values where
 * the other takes any, or lists fewer. Rows of which neither holds the other keep an order by the same rule, then the one
 * of the price.
 */
function moreSpecificFirst(a: MatrixRow, b: MatrixRow): number {
  const [left, right] = [a, b].map(({ match }) => Object.values(match))
  return (
    right!.length - left!.length ||
    anyCount(left!) - anyCount(right!) ||
    valueCount(left!) - valueCount(right!)
  )
}

type Values = readonly (string[] | '*')[]

const anyCount = (values: Values): number => values.filter((value) => value === '*').length

const valueCount = (values: Values): number =>
  values.reduce((count, value) => count + (value === '*' ? 0 : new Set(value).size), 0)

const inWords = (match: MatrixRow['match']): string =>
  Object.entries(match)
    .map(([key, values]) => `${key}: ${values === '*' ? 'any' : values.join(', ')}`)
    .join('; ')
