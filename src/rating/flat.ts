import type { PriceModel } from '../catalog/price.ts'
import { decimal, multiply, type Rational } from '../kernel/rational.ts'
import type { Rated } from './rated.ts'

type Flat = Extract<PriceModel, { type: 'flat' }>

/** A fee for each period and each seat: amount × quantity. */
export function rateFlat(model: Flat, quantity: Rational): Rated {
  const unitAmount = decimal(model.amount)
  const amount = multiply(quantity, unitAmount)
  return { amount, detail: [{ description: 'Flat fee', quantity, unitAmount, amount }] }
}
