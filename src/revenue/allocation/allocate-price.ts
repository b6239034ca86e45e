import type { Minor } from '../../kernel/money.ts'
import { add, max, type Rational, rational, subtract, sum, ZERO } from '../../kernel/rational.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'
import { type DiscountBundle, testBundle } from './discount-bundle.ts'
import { residualAmount } from './residual.ts'
import { type Share, splitShares } from './share.ts'
import { type PricedObligation, sspPoint } from './ssp.ts'

/** The price of obligation `key` that an amount was promised for alone (ASC 606-10-32-40, IFRS 15.85). */
export type TargetedAmount = { key: string; amount: Minor }

export type PriceAllocation = {
  shares: ReadonlyMap<string, Share>
  /** The proportions that later changes of the price follow, whatever has become of selling prices since. */
  basis: readonly Weight[]
  reasons: Reason[]
}

export type Weight = { key: string; weight: Rational }

type Question = {
  /** The transaction price, in minor units. */
  price: Minor
  obligations: readonly PricedObligation[]
  bundle?: DiscountBundle
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
  const { price, obligations, bundle, targeted = [] } = question
  const untargeted = price - targeted.reduce((total, { amount }) => total + amount, 0n)
  const { weights, reasons } = weigh(untargeted, obligations, bundle, policy)
  const shares = new Map(
    splitShares(
      untargeted,
      weights.map(({ weight }) => weight),
    ).map((share, place) => [weights[place]!.key, share]),
  )
  for (const { key, amount } of targeted) shares.set(key, raised(shares.get(key)!, amount))
  return { shares, basis: weights, reasons: [...targeted.map(targetSaid), ...reasons] }
}

const raised = ({ exact, minor }: Share, by: Minor): Share => ({
  exact: add(exact, rational(by)),
  minor: minor + by,
})

/** What each obligation weighs, in the order of the obligations. */
function weigh(
  price: Minor,
  obligations: readonly PricedObligation[],
  bundle: DiscountBundle | undefined,
  policy: RevenuePolicy,
): { weights: Weight[]; reasons: Reason[] } {
  const residual = obligations.find(({ ssp }) => ssp.is === 'residual')
  const points = obligations.flatMap(({ key, ssp }) =>
    ssp.is === 'residual' ? [] : [{ key, point: sspPoint(ssp, policy) }],
  )
  const discount = subtract(sum(points.map(({ point }) => point)), rational(price))
  const test = bundle && testBundle(bundle, points, residual ? undefined : discount, policy)
  const net = bundle && test?.applies ? lessDiscount(points, bundle, residual ? undefined : discount) : points
  const weights = net.map(({ key, point }) => ({ key, weight: point }))
  const rangeSaid = obligations.some(({ ssp }) => ssp.is === 'range') ? [RANGE_SAID] : []
  const reasons = [...rangeSaid, ...(test?.reasons ?? [])]
  if (!residual) return { weights, reasons: [...reasons, RELATIVE_SAID] }
  const left = residualAmount(residual, subtract(rational(price), sum(net.map(({ point }) => point))))
  return {
    weights: obligations.map(
      ({ key }) => weights.find((own) => own.key === key) ?? { key, weight: left.amount },
    ),
    reasons: [...reasons, left.reason],
  }
}

type Point = { key: string; point: Rational }

/**
 * Selling prices with a discount taken off the bundle alone, in proportion within it. Without a residual it is the
 * contract's own discount, which may differ a little from the bundle's; then the price is met exactly.
 */
function lessDiscount(
  points: Point[],
  bundle: DiscountBundle,
  contractDiscount: Rational | undefined,
): Point[] {
  const full = sum(points.filter(({ key }) => bundle.keys.includes(key)).map(({ point }) => point))
  const net = contractDiscount ? max(subtract(full, contractDiscount), ZERO) : bundle.price
  return points.map(({ key, point }) => ({
    key,
    point: bundle.keys.includes(key)
      ? rational(point.num * net.num * full.den, point.den * net.den * full.num)
      : point,
  }))
}

const targetSaid = ({ key }: TargetedAmount): Reason =>
  reason('variable_to_one', `A variable amount that relates to "${key}" alone is allocated to it wholly.`)

const RELATIVE_SAID = reason('relative_ssp', 'The price is allocated by relative stand-alone selling prices.')
const RANGE_SAID = reason('ssp_range', 'A stated price within its range of selling prices stands as it is.')
