import { type Minor, sum } from './money.ts'
import { compare, type Rational, rational, roundToInteger, subtract } from './rational.ts'

/**
 * Rounds exact amounts in minor units so that they add up to `total`, which is their own sum, rounded (largest remainder;
 * on a tie the earlier place). No part moves by a whole unit, and amounts may be negative.
 *
 * @example apportion(100n, [33.3, 33.3, 33.4]) // [33n, 33n, 34n], the amounts given as rationals
 */
export function apportion(total: Minor, exact: readonly Rational[]): Minor[] {
  const floors = exact.map((amount) => roundToInteger(amount, 'floor'))
  const left = Number(total - sum(floors))
  const parts = [...floors]
  exact
    .map((amount, place) => ({ place, rest: subtract(amount, rational(floors[place]!)) }))
    .sort((a, b) => compare(b.rest, a.rest) || a.place - b.place)
    .slice(0, left)
    .forEach(({ place }) => {
      parts[place]! += 1n
    })
  return parts
}
