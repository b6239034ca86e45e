import type { ModelOf } from '../catalog/price.ts'
import { decimal, divide, isZero, multiply, type Rational, roundToPlaces } from '../kernel/rational.ts'
import { NOTHING, type Rated, ratedOf } from './rated.ts'

/**
 * Units are sold in packages: a package that is used in part is paid in full, unless the price rounds otherwise. Units
 * that the price includes have come off the quantity before.
 *
 * @example 17 units in packages of 10 at 5: ⌈1.7⌉ × 5 = 10
 */
export function ratePackage(model: ModelOf<'package'>, quantity: Rational): Rated {
  const packages = roundToPlaces(divide(quantity, decimal(model.package_size)), 0, model.rounding)
  if (isZero(packages)) return NOTHING
  const unitAmount = decimal(model.package_amount)
  return ratedOf([
    {
      description: `Packages of ${model.package_size}`,
      quantity: packages,
      unitAmount,
      amount: multiply(packages, unitAmount),
    },
  ])
}
