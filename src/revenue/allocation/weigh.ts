import type { Minor } from '../../kernel/money.ts'
import {
  compare,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../../kernel/rational.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'
import { discountOfSome, type NetParts } from './bundle-discount.ts'
import type { DiscountBundle } from './discount-bundle.ts'
import { residualAmount } from './residual.ts'
import { type PricedObligation, sspPoint } from './ssp.ts'

/** An amount that was promised for one obligation alone (ASC 606-10-32-40, IFRS 15.85), in minor units. */
export type TargetedAmount = { key: string; amount: Minor }

export type Weight = { key: string; weight: Rational }

type Question = {
  /** Without the amounts that were promised for one obligation; minor units. */
  price: Minor
  obligations: readonly PricedObligation[]
  bundles: readonly DiscountBundle[]
  targeted: readonly TargetedAmount[]
}

type Weighing = { weights: Weight[]; ssps: Rational[]; net: NetParts; reasons: Reason[] }

/**
 * What each obligation weighs in the division of the price, in the order of the obligations: its stand-alone selling
 * price, less a discount that belongs to it; of a residual what is left. One whose own amounts reach its selling price
 * takes no part (Example 35, Case A).
 */
export function weigh({ price, obligations, bundles, targeted }: Question, policy: RevenuePolicy): Weighing {
  const residual = obligations.find(({ ssp }) => ssp.is === 'residual')
  const full = obligations.flatMap(({ key, ssp }) =>
    ssp.is === 'residual' ? [] : [{ key, weight: sspPoint(ssp, policy) }],
  )
  const open = withoutCovered(full, targeted)
  const contractDiscount = residual ? undefined : subtract(total(open), rational(price))
  const own = discountOfSome({ bundles, obligations: open, contractDiscount }, policy)
  const net = open.map(({ key, weight }) => ({ key, weight: multiply(weight, own.net.get(key) ?? ONE) }))
  const said = [...rangeSaid(obligations), ...own.reasons]
  if (!residual) {
    const ssps = full.map(({ weight }) => weight)
    return { weights: net, ssps, net: own.net, reasons: [...said, RELATIVE_SAID] }
  }
  const left = residualAmount(residual, subtract(rational(price), total(net)))
  const inPlace = (known: readonly Weight[]) =>
    obligations.map(({ key }) => known.find((own) => own.key === key) ?? { key, weight: left.amount })
  return {
    weights: inPlace(net),
    ssps: inPlace(full).map(({ weight }) => weight),
    net: own.net,
    reasons: [...said, left.reason],
  }
}

/** If all are covered, all share what is left after all. */
function withoutCovered(full: Weight[], targeted: readonly TargetedAmount[]): Weight[] {
  const own = (key: string) =>
    sum(targeted.filter((one) => one.key === key).map(({ amount }) => rational(amount)))
  const open = full.map(({ key, weight }) => ({
    key,
    weight: compare(own(key), weight) >= 0 ? ZERO : weight,
  }))
  return open.some(({ weight }) => weight.num > 0n) ? open : full
}

const total = (weights: readonly Weight[]): Rational => sum(weights.map(({ weight }) => weight))

const rangeSaid = (obligations: readonly PricedObligation[]): Reason[] =>
  obligations.some(({ ssp }) => ssp.is === 'range') ? [RANGE_SAID] : []

const RELATIVE_SAID = reason('relative_ssp', 'The price is allocated by relative stand-alone selling prices.')
const RANGE_SAID = reason('ssp_range', 'A stated price within its range of selling prices stands as it is.')
