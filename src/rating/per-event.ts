import type { Price } from '../catalog/price.ts'
import { pricesTheWhole } from '../catalog/price-faults.ts'
import { assert } from '../kernel/problem.ts'
import { add, max, type Rational, subtract, ZERO } from '../kernel/rational.ts'
import { rate } from './rate.ts'
import { ofQuantity } from './rated-usage.ts'

/** What a period has counted so far, and the quantity up to which it has been billed. */
export type ChargedSoFar = { quantity: Rational; billed: Rational | null }

export const NOTHING_CHARGED: ChargedSoFar = { quantity: ZERO, billed: null }

/**
 * Charges one event at once: the price with it less the price before it. What is taken back refunds nothing, and what
 * comes again up to the period's highest quantity is free. A minimum waits for the end of the period. A volume price
 * cannot be charged so, since later units change what the earlier ones cost.
 *
 * @example 1 a unit; +10, −4, +8 charge 10, 0 and 4
 */
export function chargeEvent(
  price: Price,
  before: ChargedSoFar,
  change: Rational,
): { amount: Rational; after: ChargedSoFar } {
  assert(!pricesTheWhole(price.model), `a ${price.model.type} price is never charged for single events`)
  const quantity = add(before.quantity, change)
  const billed = max(quantity, before.billed ?? ZERO)
  const priceOf = (units: Rational) => rate(price, ofQuantity(units), { state: 'open' }).amount
  const charged = before.billed === null ? ZERO : priceOf(before.billed)
  return { amount: subtract(priceOf(billed), charged), after: { quantity, billed } }
}
