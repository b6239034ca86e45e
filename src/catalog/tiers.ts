import { compare, decimal, isNegative, isZero } from '../kernel/rational.ts'
import type { Tier } from './price.ts'

/** What is wrong with the bounds of tiers: they rise strictly from zero, and the last one alone is open. */
export function faultsOfTiers(tiers: readonly Tier[]): { place: number; message: string }[] {
  return tiers.flatMap(({ up_to }, place) => {
    const isLast = place === tiers.length - 1
    if (isLast) return up_to === null ? [] : [{ place, message: 'the last tier must be open: up_to null' }]
    if (up_to === null) return [{ place, message: 'only the last tier may be open' }]
    const bound = decimal(up_to)
    if (isZero(bound) || isNegative(bound)) return [{ place, message: 'must be above zero' }]
    const previous = tiers[place - 1]?.up_to ?? '0'
    return compare(bound, decimal(previous)) > 0
      ? []
      : [{ place, message: `must be above the bound before it, ${previous}` }]
  })
}
