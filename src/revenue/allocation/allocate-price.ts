import { type Minor, sum } from '../../kernel/money.ts'
import { add, type Rational, rational } from '../../kernel/rational.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'
import type { NetParts } from './bundle-discount.ts'
import type { DiscountBundle } from './discount-bundle.ts'
import { type Share, splitShares } from './share.ts'
import type { PricedObligation } from './ssp.ts'
import { type TargetedAmount, type Weight, weigh } from './weigh.ts'

export type PriceAllocation = {
  shares: ReadonlyMap<string, Share>
  /** The proportions that later changes of the price follow, whatever has become of selling prices since. */
  basis: readonly Weight[]
  /** Stand-alone selling prices in the order of the obligations, in exact minor units; of a residual what it takes. */
  ssps: readonly Rational[]
  /** Of those that a discount belongs to alone, what it leaves of their selling prices. */
  net: NetParts
  reasons: Reason[]
}

type Question = {
  /** The transaction price, in minor units. */
  price: Minor
  obligations: readonly PricedObligation[]
  bundles?: readonly DiscountBundle[]
  targeted?: readonly TargetedAmount[]
}

/**
 * Step 4: the transaction price, allocated to the obligations (ASC 606-10-32-28 to 32-41, IFRS 15.73 to 86). In this
 * order: variable amounts that belong to one obligation, a discount that belongs to some, the residual, and the rest by
 * relative stand-alone selling price. The whole parts add up to the price exactly, by largest remainder.
 *
 * Throws `residual_not_allowed` where the residual approach gives an amount that is no selling price.
 *
 * @example selling prices 50, 25 and 75 and a price of 100: 33.33, 16.67 and 50.00
 */
export function allocatePrice(question: Question, policy: RevenuePolicy): PriceAllocation {
  const { price, obligations, bundles = [], targeted = [] } = question
  const untargeted = price - sum(targeted.map(({ amount }) => amount))
  const asked = { price: untargeted, obligations, bundles, targeted }
  const { weights, ssps, net, reasons } = weigh(asked, policy)
  const shares = new Map(
    splitShares(
      untargeted,
      weights.map(({ weight }) => weight),
    ).map((share, place) => [weights[place]!.key, share]),
  )
  for (const { key, amount } of targeted) shares.set(key, raised(shares.get(key)!, amount))
  return { shares, basis: weights, ssps, net, reasons: [...targeted.map(targetSaid), ...reasons] }
}

const raised = ({ exact, minor }: Share, by: Minor): Share => ({
  exact: add(exact, rational(by)),
  minor: minor + by,
})

const targetSaid = ({ key }: TargetedAmount): Reason =>
  reason('variable_to_one', `A variable amount that relates to "${key}" alone is allocated to it wholly.`)
