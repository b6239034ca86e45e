import type { PriceModel, Tier } from '../catalog/price.ts'
import {
  compare,
  decimal,
  isZero,
  min,
  multiply,
  ONE,
  type Rational,
  subtract,
  sum,
  ZERO,
} from '../kernel/rational.ts'
import type { LineDetailExact, Rated } from './rated.ts'

type Graduated = Extract<PriceModel, { type: 'graduated' }>

/**
 * Each tier prices the units that lie in it. A tier covers `(previous up_to, up_to]`, so the bound itself still has the
 * lower tier's price. Its flat amount is due once, when the tier is entered; the first tier is always entered, so its
 * flat amount is due even when nothing was used.
 *
 * @example 150 units in tiers up to 100 at 0.10 and beyond at 0.05: 100 × 0.10 + 50 × 0.05 = 12.50
 */
export function rateGraduated(model: Graduated, quantity: Rational): Rated {
  const detail: LineDetailExact[] = []
  let from = ZERO
  for (const [place, tier] of model.tiers.entries()) {
    if (place > 0 && compare(quantity, from) <= 0) break
    const upTo = tier.up_to === null ? quantity : min(quantity, decimal(tier.up_to))
    detail.push(...rowsOfTier(tier, subtract(upTo, from), nameOfTier(model.tiers[place - 1], tier)))
    from = upTo
  }
  return { amount: sum(detail.map((row) => row.amount)), detail }
}

function rowsOfTier(tier: Tier, units: Rational, name: string): LineDetailExact[] {
  const flat = decimal(tier.flat_amount)
  const unitAmount = decimal(tier.unit_amount)
  const rows: LineDetailExact[] = []
  if (!isZero(units)) {
    rows.push({ description: name, quantity: units, unitAmount, amount: multiply(units, unitAmount) })
  }
  if (!isZero(flat)) {
    rows.push({ description: `${name}, flat fee`, quantity: ONE, unitAmount: flat, amount: flat })
  }
  return rows
}

function nameOfTier(previous: Tier | undefined, { up_to }: Tier): string {
  const over = previous?.up_to ?? null
  if (over === null) return up_to === null ? 'All units' : `Up to ${up_to}`
  return up_to === null ? `Over ${over}` : `Over ${over} up to ${up_to}`
}
