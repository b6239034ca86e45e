import { apportion } from '../kernel/apportion.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { type Rational, type RoundingMode, rational, reduce, roundToInteger } from '../kernel/rational.ts'

/** Takes something off the lines it names, or off the invoice where `lines` is null. */
export type Discount = { lines: ReadonlySet<string> | null } & (
  | { type: 'percent'; part: Rational }
  | { type: 'fixed'; amount: Minor }
)

/** What discounts leave of each line, and what they take off all lines together; minor units. */
export type Discounted = { lines: Minor[]; off: Minor }

/** What is left of each line, in minor units and exact: `parts[i] / whole`. */
export type LineAmounts = { parts: readonly bigint[]; whole: bigint }

/**
 * Takes discounts off lines: those of named lines before those of the whole invoice, and on each of the two levels
 * percents before fixed amounts, each in the order given and off what is left. Every discount is rounded once and goes
 * down to zero at most. One that names several lines is split over them by largest remainder.
 *
 * @example 100.00 less 10 % and 50.00 is 40.00, in whichever order the two are given
 */
export function takeDiscounts(
  lines: readonly { key: string; amount: Minor }[],
  discounts: readonly Discount[],
  rounding: RoundingMode,
): Discounted {
  const ordered = [...discounts].sort((a, b) => rankOf(a) - rankOf(b))
  let left = lines.map((line) => line.amount)
  let off = 0n
  for (const discount of ordered) {
    const { lines: named } = discount
    if (named === null) off += amountOff(sum(left) - off, discount, rounding)
    else {
      const chosen = left.map((amount, place) => (named.has(lines[place]!.key) ? amount : 0n))
      const parts = proRata(amountOff(sum(chosen), discount, rounding), chosen)
      left = left.map((amount, place) => amount - parts[place]!)
    }
  }
  return { lines: left, off }
}

/** Spreads an amount off the invoice over its lines, pro rata and exact: the tax of a line follows its exact share. */
export function spreadOver(lines: readonly Minor[], off: Minor): LineAmounts {
  if (off === 0n) return { parts: lines, whole: 1n }
  const total = sum(lines)
  const kept = reduce(rational(total - off, total))
  return { parts: lines.map((amount) => amount * kept.num), whole: kept.den }
}

/** Named lines before the invoice, and percents before fixed amounts. */
const rankOf = ({ lines, type }: Discount): number => (lines === null ? 2 : 0) + (type === 'fixed' ? 1 : 0)

/** At most the total, and nothing off nothing or less. */
function amountOff(total: Minor, discount: Discount, rounding: RoundingMode): Minor {
  if (total <= 0n) return 0n
  const wanted =
    discount.type === 'fixed'
      ? discount.amount
      : roundToInteger(rational(total * discount.part.num, discount.part.den), rounding)
  return wanted < total ? wanted : total
}

function proRata(off: Minor, amounts: readonly Minor[]): Minor[] {
  if (off === 0n) return amounts.map(() => 0n)
  const total = sum(amounts)
  return apportion(
    off,
    amounts.map((amount) => rational(off * amount, total)),
  )
}
