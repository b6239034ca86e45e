import type { ModelOf } from '../catalog/price.ts'
import { decimal, isZero, multiply, type Rational } from '../kernel/rational.ts'
import { NOTHING, type Rated, ratedOf } from './rated.ts'

/** One price for each unit, however many: quantity × price. Nothing used costs nothing and makes no row. */
export function rateUnit(model: ModelOf<'unit'>, quantity: Rational): Rated {
  if (isZero(quantity)) return NOTHING
  const unitAmount = decimal(model.unit_amount)
  return ratedOf([{ description: 'Units', quantity, unitAmount, amount: multiply(quantity, unitAmount) }])
}
