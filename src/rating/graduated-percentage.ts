import type { ModelOf } from '../catalog/price.ts'
import type { Rational } from '../kernel/rational.ts'
import { percent } from './percent.ts'
import { type Rated, ratedOf } from './rated.ts'
import { rowsOfTier, sharesOf } from './tier.ts'

/**
 * Each tier takes its percentage of the part of the amount that lies in it, and its flat amount once it is entered.
 *
 * @example 1,500 in tiers up to 1,000 at 2 % and beyond at 1 %: 20 + 5 = 25
 */
export function rateGraduatedPercentage(model: ModelOf<'graduated_percentage'>, amount: Rational): Rated {
  return ratedOf(
    sharesOf(model.tiers, amount).flatMap(({ tier, ...share }) =>
      rowsOfTier({ ...share, tier: { ...tier, unitAmount: percent(tier.rate_percent) } }),
    ),
  )
}
