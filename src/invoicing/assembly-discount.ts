import { apportion } from '../kernel/apportion.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { type Rational, type RoundingMode, rational, reduce, roundToInteger } from '../kernel/rational.ts'

/** Takes something off the lines it names, or off the invoice where `lines` is null. */
export type Discount = {
  lines: ReadonlySet<string> | null
  /** One of the whole invoice that holds for the named lines only still comes after those of lines. */
  level?: 'invoice' | undefined
} & ({ type: 'percent'; part: Rational } | { type: 'fixed'; amount: Minor })

/** What discounts leave of each line, and what they take off all lines together; `taken` by each. Minor units. */
export type Discounted = { lines: Minor[]; off: Minor; taken: Minor[] }

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
  const ordered = [...discounts.entries()].sort(([, a], [, b]) => rankOf(a) - rankOf(b))
  const taken = discounts.map(() => 0n)
  // Off the invoice as a whole and then off some of its lines: what is left of these must be known to the minor unit.
  const isSplit = discounts.some((discount) => discount.lines !== null && rankOf(discount) > 1)
  let left = lines.map((line) => line.amount)
  let off = 0n
  for (const [place, discount] of ordered) {
    const before = sum(left) - off
    const { lines: named } = discount
    if (named === null && !isSplit) off += offInvoice(before, discount, rounding)
    else {
      const chosen = left.map((amount, at) => (named?.has(lines[at]!.key) !== false ? amount : 0n))
      const parts = offLines(chosen, discount, rounding)
      left = left.map((amount, at) => amount - parts[at]!)
    }
    taken[place] = before - (sum(left) - off)
  }
  return { lines: left, off, taken }
}

/** Spreads an amount off the invoice over its lines, pro rata and exact: the tax of a line follows its exact share. */
export function spreadOver(lines: readonly Minor[], off: Minor): LineAmounts {
  if (off === 0n) return { parts: lines, whole: 1n }
  const total = sum(lines)
  const kept = reduce(rational(total - off, total))
  return { parts: lines.map((amount) => amount * kept.num), whole: kept.den }
}

/** Named lines before the invoice, and percents before fixed amounts. */
const rankOf = ({ lines, level, type }: Discount): number =>
  (lines === null || level === 'invoice' ? 2 : 0) + (type === 'fixed' ? 1 : 0)

/** At most the total, and nothing off nothing or less. */
function offInvoice(total: Minor, discount: Discount, rounding: RoundingMode): Minor {
  if (total <= 0n) return 0n
  const wanted = discount.type === 'fixed' ? discount.amount : partOf(total, discount.part, rounding)
  return wanted < total ? wanted : total
}

/** A percent of a correction gives less back, as less was paid; a fixed amount takes nothing off it. */
function offLines(amounts: readonly Minor[], discount: Discount, rounding: RoundingMode): Minor[] {
  const total = sum(amounts)
  if (discount.type === 'percent') {
    const { part } = discount
    return apportion(
      partOf(total, part, rounding),
      amounts.map((amount) => rational(amount * part.num, part.den)),
    )
  }
  const off = offInvoice(total, discount, rounding)
  return off === 0n
    ? amounts.map(() => 0n)
    : apportion(
        off,
        amounts.map((amount) => rational(off * amount, total)),
      )
}

const partOf = (amount: Minor, { num, den }: Rational, rounding: RoundingMode): Minor =>
  roundToInteger(rational(amount * num, den), rounding)
