import type { PriceModel } from '../catalog/price.ts'
import { decimal, isZero, multiply, type Rational } from '../kernel/rational.ts'
import { NOTHING, type Rated } from './rated.ts'

type Unit = Extract<PriceModel, { type: 'unit' }>

/** One price for each unit, however many: quantity × price. Nothing used costs nothing and makes no row. */
export function rateUnit(model: Unit, quantity: Rational): Rated {
  if (isZero(quantity)) return NOTHING
  const unitAmount = decimal(model.unit_amount)
  const amount = multiply(quantity, unitAmount)
  return { amount, detail: [{ description: 'Units', quantity, unitAmount, amount }] }
}
