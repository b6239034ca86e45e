import type { Price } from '../catalog/price.ts'
import { add, type Rational, ZERO } from '../kernel/rational.ts'
import { type LinePosition, rateLine } from './line.ts'
import { ofQuantity } from './rated-usage.ts'

/**
 * The amounts of consecutive parts that share one run of tiers, flat amounts and limits: the lines of a period that is
 * billed in several, or the periods of a contract whose tiers go on from one to the next. They add up to the price of all
 * parts. After a late correction each part bills the difference to what it billed before.
 *
 * @example 10 a unit, at most 50, parts of 4, 7 and 7 units: 40, 10, 0
 */
export function rateSplit(price: Price, parts: readonly Rational[]): Rational[] {
  let before = ZERO
  return parts.map((quantity, place) => {
    const already = { quantity: before }
    before = add(before, quantity)
    return rateLine({
      price,
      usage: ofQuantity(quantity),
      already,
      position: positionOf(place, parts.length),
    }).amount
  })
}

function positionOf(place: number, count: number): LinePosition {
  if (count === 1) return 'single'
  if (place === 0) return 'first'
  return place === count - 1 ? 'last' : 'middle'
}
