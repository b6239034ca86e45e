import type { CapacityTier, ModelOf } from '../catalog/price.ts'
import { ownValue } from '../kernel/own-value.ts'
import { compare, decimal, max, type Rational, ZERO } from '../kernel/rational.ts'
import { amountRow, type Rated, ratedOf } from './rated.ts'
import { dimensionedParts, type RatedUsage } from './rated-usage.ts'

/**
 * One price for the period by the peak of each unit: that of the first tier into which every unit's peak fits. What fits
 * nowhere has the price of the last tier. The value of the property `unit`, or of the only property there is, names the
 * unit; usage that names none is that of every unit.
 *
 * @example up to 10 users and 5 GB at 50, up to 50 users and 500 GB at 200; peaks of 4 users and 80 GB: 200
 */
export function rateCapacity({ tiers }: ModelOf<'capacity'>, usage: RatedUsage): Rated {
  const peaks = peaksOf(usage)
  const place = tiers.findIndex((tier) => fits(tier, peaks))
  const reached = place < 0 ? tiers.length - 1 : place
  return ratedOf([amountRow(`Capacity, tier ${reached + 1}`, decimal(tiers[reached]!.amount))])
}

type Peaks = { named: ReadonlyMap<string, Rational>; unnamed: Rational }

function peaksOf(usage: RatedUsage): Peaks {
  const named = new Map<string, Rational>()
  let unnamed = ZERO
  for (const { group, quantity } of dimensionedParts(usage)) {
    const unit = unitOf(group)
    if (unit === null) unnamed = max(unnamed, quantity)
    else named.set(unit, max(named.get(unit) ?? ZERO, quantity))
  }
  return { named, unnamed }
}

function unitOf(group: Readonly<Record<string, string | null>>): string | null {
  const values = Object.values(group)
  return ownValue(group, 'unit') ?? (values.length === 1 ? (values[0] ?? null) : null)
}

const fits = ({ limits }: CapacityTier, { named, unnamed }: Peaks): boolean =>
  Object.entries(limits).every(
    ([unit, limit]) => limit === null || compare(max(named.get(unit) ?? ZERO, unnamed), decimal(limit)) <= 0,
  )
