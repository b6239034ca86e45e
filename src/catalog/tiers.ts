import type { Fault } from '../kernel/problem.ts'
import { compare, decimal, isNegative, isZero } from '../kernel/rational.ts'

/** What is wrong with the bounds of tiers: they rise strictly from zero, and the last one alone is open. */
export const faultsOfTiers = (tiers: readonly { up_to: string | null }[]): Fault[] =>
  tiers.flatMap(({ up_to }, place) => {
    const message = faultOfBound(up_to, tiers[place - 1]?.up_to ?? '0', place === tiers.length - 1)
    return message === undefined ? [] : [{ path: `${place}.up_to`, message }]
  })

function faultOfBound(upTo: string | null, previous: string, isLast: boolean): string | undefined {
  if (isLast) return upTo === null ? undefined : 'the last tier must be open: up_to null'
  if (upTo === null) return 'only the last tier may be open'
  const bound = decimal(upTo)
  if (isZero(bound) || isNegative(bound)) return 'must be above zero'
  if (compare(bound, decimal(previous)) > 0) return undefined
  return `must be above the bound before it, ${previous}`
}
