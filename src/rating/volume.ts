import type { ModelOf } from '../catalog/price.ts'
import { decimal, type Rational } from '../kernel/rational.ts'
import { type Rated, ratedOf } from './rated.ts'
import { rowsOfTier, sharesOf } from './tier.ts'

/**
 * The tier that all of the quantity falls in prices all of it, and adds its flat amount. So the price can fall when the
 * quantity rises, and no part of a quantity has a price of its own.
 *
 * @example tiers up to 15 at 10 and beyond at 5: 15 units are 150, 16 units are 80
 */
export function rateVolume({ tiers }: ModelOf<'volume'>, quantity: Rational): Rated {
  const { tier, name } = sharesOf(tiers, quantity).at(-1)!
  return ratedOf(
    rowsOfTier({ tier: { ...tier, unitAmount: decimal(tier.unit_amount) }, units: quantity, name }),
  )
}
