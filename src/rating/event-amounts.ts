import type { ModelOf } from '../catalog/price.ts'
import { decimal, isZero, multiply, type Rational } from '../kernel/rational.ts'
import { NOTHING, type Rated, ratedOf } from './rated.ts'

/**
 * Each event carries its own price: their exact sum, rounded once. The multiplier is for events in minor units.
 *
 * @example 0.101 + 9.019 = 9.12; 1,234.56 × 0.01 = 12.3456
 */
export function rateEventAmounts(model: ModelOf<'event_amounts'>, total: Rational): Rated {
  if (isZero(total)) return NOTHING
  const unitAmount = decimal(model.multiplier)
  return ratedOf([
    { description: 'Amounts of events', quantity: total, unitAmount, amount: multiply(total, unitAmount) },
  ])
}
