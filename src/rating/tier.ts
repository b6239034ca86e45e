import { groupDigits } from '../kernel/digits.ts'
import { compare, decimal, isZero, min, multiply, type Rational, subtract, ZERO } from '../kernel/rational.ts'
import { amountRow, type LineDetailExact } from './rated.ts'

/** A tier with the price that it has for a unit, or for one of the amount. */
export type TierPrice = { up_to: string | null; unitAmount: Rational; flat_amount: string }

/** What of a quantity lies in a tier. */
export type TierShare<T> = { tier: T; units: Rational; name: string }

/**
 * The tiers that a quantity enters, with the units that lie in each. A tier covers `(previous up_to, up_to]`; the first
 * one is always entered.
 */
export function sharesOf<T extends { up_to: string | null }>(
  tiers: readonly T[],
  quantity: Rational,
): TierShare<T>[] {
  const shares: TierShare<T>[] = []
  let from = ZERO
  for (const [place, tier] of tiers.entries()) {
    if (place > 0 && compare(quantity, from) <= 0) break
    const upTo = tier.up_to === null ? quantity : min(quantity, decimal(tier.up_to))
    shares.push({ tier, units: subtract(upTo, from), name: nameOfTier(tiers[place - 1], tier) })
    from = upTo
  }
  return shares
}

/** The rows of one tier: its units at its price, and its flat amount once. */
export function rowsOfTier({ tier, units, name }: TierShare<TierPrice>): LineDetailExact[] {
  const { unitAmount } = tier
  const flat = decimal(tier.flat_amount)
  const rows: LineDetailExact[] = []
  if (!isZero(units)) {
    rows.push({ description: name, quantity: units, unitAmount, amount: multiply(units, unitAmount) })
  }
  if (!isZero(flat)) rows.push(amountRow(`${name}, flat fee`, flat))
  return rows
}

function nameOfTier(
  previous: { up_to: string | null } | undefined,
  { up_to }: { up_to: string | null },
): string {
  const over = previous?.up_to ?? null
  if (over === null) return up_to === null ? 'All units' : `Up to ${groupDigits(up_to)}`
  return up_to === null
    ? `Over ${groupDigits(over)}`
    : `Over ${groupDigits(over)} up to ${groupDigits(up_to)}`
}
