import { allocate, type Minor } from '../../kernel/money.ts'
import {
  compare,
  isZero,
  multiply,
  ONE,
  type Rational,
  type RoundingMode,
  rational,
  reduce,
  roundToInteger,
  sum,
} from '../../kernel/rational.ts'

/**
 * A part of a price: as the division gave it, in exact minor units, and as whole minor units that add up with the other
 * parts. Progress is measured on the exact part, so that no rounding is rounded again; the end is the whole one.
 */
export type Share = { exact: Rational; minor: Minor }

export const wholeShare = (minor: Minor): Share => ({ exact: rational(minor), minor })

/**
 * Splits `total` by weights that need not be whole numbers; the whole parts add up to it exactly, by largest remainder.
 * If all weights are zero the parts are equal. Throws a RangeError on a negative weight.
 *
 * @example splitShares(10000n, [50, 25, 75]) // minor: 3333n, 1667n, 5000n
 */
export function splitShares(total: Minor, weights: readonly Rational[]): Share[] {
  const common = weights.map(reduce).reduce((all, { den }) => leastCommonMultiple(all, den), 1n)
  const parts = allocate(
    total,
    weights.map(({ num, den }) => (num * common) / den),
  )
  const all = sum(weights)
  return parts.map((minor, place) => ({
    minor,
    exact: isZero(all)
      ? rational(total, BigInt(weights.length))
      : reduce(rational(total * weights[place]!.num * all.den, weights[place]!.den * all.num)),
  }))
}

/**
 * What a share amounts to at a progress from 0 to 1: `round(exact × progress)`, never below nothing or beyond the whole
 * share (whose sign a share of less than a minor unit need not have), and all of it at the end. Portions are differences of this, so any cutting of time gives the same total.
 */
export function shareAt({ exact, minor }: Share, progress: Rational, rounding: RoundingMode): Minor {
  if (compare(progress, ONE) >= 0) return minor
  const earned = roundToInteger(multiply(exact, progress), rounding)
  const [least, most] = minor < 0n ? [minor, 0n] : [0n, minor]
  return earned < least ? least : earned > most ? most : earned
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return (a / x) * b
}
