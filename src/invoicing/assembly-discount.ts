import type { Minor } from '../kernel/money.ts'
import {
  multiply,
  type Rational,
  type RoundingMode,
  rational,
  reduce,
  roundToInteger,
} from '../kernel/rational.ts'

/**
 * What is left of each line, in minor units and exact: `parts[i] / whole`. One denominator for all lines keeps their sums
 * cheap, however many discounts they have gone through.
 */
export type LineAmounts = { parts: readonly bigint[]; whole: bigint }

/** Takes something off the lines it names, or off all where `lines` is null. */
export type Discount = { lines: ReadonlySet<string> | null } & (
  | { type: 'percent'; part: Rational }
  | { type: 'fixed'; amount: Minor }
)

export type Rest = { rest: LineAmounts; taken: Minor }

/**
 * Takes discounts off lines: those of named lines before those of the whole invoice, and on each of the two levels
 * percents before fixed amounts, each in the order given and off what is left. Every discount is rounded once and goes
 * down to zero at most; its share of a line stays exact, for the tax.
 *
 * @example 100.00 less 10 % and 50.00 is 40.00, in whichever order the two are given
 */
export function takeDiscounts(
  keys: readonly string[],
  amounts: LineAmounts,
  discounts: readonly Discount[],
  rounding: RoundingMode,
): Rest {
  let rest = amounts
  let taken = 0n
  for (const discount of [...discounts].sort((a, b) => rankOf(a) - rankOf(b))) {
    const { lines } = discount
    const step = takeOff(
      rest,
      (place) => lines === null || lines.has(keys[place]!),
      amountOf(discount, rounding),
    )
    rest = step.rest
    taken += step.taken
  }
  return { rest, taken }
}

/**
 * Takes an amount off the chosen lines, pro rata to what is left of each. Never more than they come to in whole minor
 * units, and nothing where they come to nothing or less.
 */
export function takeOff(
  { parts, whole }: LineAmounts,
  isChosen: (place: number) => boolean,
  amount: (total: Rational) => Minor,
): Rest {
  const chosen = parts.reduce((total, part, place) => (isChosen(place) ? total + part : total), 0n)
  const most = chosen / whole
  const wanted = chosen > 0n ? amount(rational(chosen, whole)) : 0n
  const taken = wanted < most ? wanted : most
  if (taken <= 0n) return { rest: { parts, whole }, taken: 0n }
  const kept = reduce(rational(chosen - taken * whole, chosen))
  return {
    rest: {
      parts: parts.map((part, place) => part * (isChosen(place) ? kept.num : kept.den)),
      whole: whole * kept.den,
    },
    taken,
  }
}

const rankOf = ({ lines, type }: Discount): number => (lines === null ? 2 : 0) + (type === 'fixed' ? 1 : 0)

const amountOf =
  (discount: Discount, rounding: RoundingMode) =>
  (total: Rational): Minor =>
    discount.type === 'fixed' ? discount.amount : roundToInteger(multiply(total, discount.part), rounding)
