import type { PriceModel } from '../catalog/price.ts'
import { max, type Rational, ZERO } from '../kernel/rational.ts'
import { rateFlat } from './flat.ts'
import { rateGraduated } from './graduated.ts'
import type { LineDetailExact, Rated } from './rated.ts'
import { rateUnit } from './unit.ts'

export type { LineDetailExact, Rated }

/**
 * The price of a whole quantity in major units of the contract's currency, exact. A negative quantity (more taken back
 * than used) is priced as none. A part of a quantity is the price with it less the price without it, never the price
 * of the part: only so do tiers and flat amounts count once.
 */
export function ratePrice(model: PriceModel, quantity: Rational): Rated {
  const billable = max(quantity, ZERO)
  switch (model.type) {
    case 'flat':
      return rateFlat(model, billable)
    case 'unit':
      return rateUnit(model, billable)
    case 'graduated':
      return rateGraduated(model, billable)
  }
}
