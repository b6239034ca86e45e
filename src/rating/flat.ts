import type { ModelOf } from '../catalog/price.ts'
import { decimal, multiply, type Rational } from '../kernel/rational.ts'
import { type Rated, ratedOf } from './rated.ts'

/** A fee for each period and each seat: amount × quantity. */
export function rateFlat(model: ModelOf<'flat'>, quantity: Rational): Rated {
  const unitAmount = decimal(model.amount)
  const amount = multiply(quantity, unitAmount)
  return ratedOf([{ description: 'Flat fee', quantity, unitAmount, amount }])
}
