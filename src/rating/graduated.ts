import type { ModelOf } from '../catalog/price.ts'
import { decimal, type Rational } from '../kernel/rational.ts'
import { type Rated, ratedOf } from './rated.ts'
import { rowsOfTier, sharesOf } from './tier.ts'

/**
 * Each tier prices the units that lie in it; the bound itself still has the lower tier's price. A tier's flat amount is
 * due once, when the tier is entered; that of the first tier is due even when nothing was used.
 *
 * @example 150 units in tiers up to 100 at 0.10 and beyond at 0.05: 100 × 0.10 + 50 × 0.05 = 12.50
 */
export function rateGraduated({ tiers }: ModelOf<'graduated'>, quantity: Rational): Rated {
  return ratedOf(
    sharesOf(tiers, quantity).flatMap(({ tier, ...share }) =>
      rowsOfTier({ ...share, tier: { ...tier, unitAmount: decimal(tier.unit_amount) } }),
    ),
  )
}
