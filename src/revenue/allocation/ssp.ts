import {
  add,
  compare,
  decimal,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
} from '../../kernel/rational.ts'
import type { RevenuePolicy } from '../policy.ts'

/** Observed prices between two bounds, in exact minor units. */
type PriceRange = { low: Rational; high: Rational }

/** A stand-alone selling price that was observed or estimated, in exact minor units: a point or a range. */
export type KnownSsp = { is: 'point'; amount: Rational } | ({ is: 'range'; stated?: Rational } & PriceRange)

/** A stand-alone selling price: known, or what the others leave over. */
export type Ssp = KnownSsp | { is: 'residual'; because: ResidualGround; observed?: PriceRange }

export type PricedObligation = { key: string; ssp: Ssp }

/** The only two grounds on which a price may be what is left over (ASC 606-10-32-34(c), IFRS 15.79(c)). */
export type ResidualGround = 'highly_variable' | 'not_yet_established'

/**
 * The point of a stand-alone selling price that weighs in the allocation. In a range the stated price counts where it
 * lies inside, so nothing is reallocated; outside, the nearest bound counts (or the middle, by policy); with no stated
 * price the middle does.
 */
export function sspPoint(ssp: KnownSsp, policy: RevenuePolicy): Rational {
  if (ssp.is === 'point') return ssp.amount
  const { low, high, stated } = ssp
  const middle = multiply(add(low, high), rational(1n, 2n))
  if (stated === undefined) return middle
  const isBelow = compare(stated, low) < 0
  if (!isBelow && compare(stated, high) <= 0) return stated
  if (policy.sspOutsideRange === 'midpoint') return middle
  return isBelow ? low : high
}

/** Expected cost plus an appropriate margin (ASC 606-10-32-34(b), IFRS 15.79(b)): 80 with a margin of 25% is 100. */
export const costPlusMargin = (cost: Rational, marginPercent: Rational): Rational =>
  multiply(cost, add(ONE, percent(marginPercent)))

/** What is known of an option to buy more at a discount: decimal strings, percentages of 100. */
export type DiscountOption = {
  /** What the customer buys with it on average, in major units. */
  expected_purchase: string
  discount_percent: string
  /** The discount that anybody gets; only what goes beyond it is a material right. */
  general_discount_percent: string
  likelihood_percent: string
}

/**
 * The stand-alone selling price of a material right, in the unit that `exact` reads amounts in: the discount beyond what
 * anybody gets, times how likely the option is to be used (ASC 606-10-55-44, IFRS 15.B42).
 *
 * @example 40% off an average purchase of 50, where anybody gets 10%, used by 80%: 50 × 30% × 80% = 12
 */
export const optionSsp = (option: DiscountOption, exact: (amount: string) => Rational): Rational =>
  [
    subtract(decimal(option.discount_percent), decimal(option.general_discount_percent)),
    decimal(option.likelihood_percent),
  ]
    .map(percent)
    .reduce(multiply, exact(option.expected_purchase))

const percent = (value: Rational): Rational => rational(value.num, value.den * 100n)
