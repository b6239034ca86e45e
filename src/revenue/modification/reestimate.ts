import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import { add, multiply, rational, roundToInteger } from '../../kernel/rational.ts'
import { splitShares } from '../allocation/share.ts'
import type { Weight } from '../allocation/weigh.ts'
import { type Reason, reason } from '../reason.ts'
import { currentSegment, type Line, withSegment } from '../recognition/line.ts'
import { type ContractState, lineOf, type Stage, withLines } from './contract-state.ts'

/** A later estimate of a variable amount: the price changes, the promises do not. */
export type PriceChange = {
  date: LocalDate
  /** By how much, in minor units. */
  change: Minor
  /** The one obligation that the amount was promised for. */
  target?: string
  /** It was promised with the latest modification and not before. */
  sinceModification: boolean
}

/**
 * Allocates a change of the transaction price after inception (ASC 606-10-32-42 to 32-45, IFRS 15.87 to 90): in the
 * proportions of the time at which the amount was promised, whatever selling prices have become. What falls on service
 * given before is revenue at once. Where a prospective modification has divided the rest anew since, the part that was
 * not yet delivered then is divided by that modification too.
 *
 * @example Example 6: X delivered, then Z added to Y; 40 more: 20 for X at once, 10 each for Y and Z
 */
export function reestimate(
  state: ContractState,
  asked: PriceChange,
): { state: ContractState; reasons: Reason[] } {
  const { date, change, target } = asked
  const stages = state.stages.filter(({ contract }) => contract === 0)
  const start = stageOf(stages, asked.sinceModification)
  const promised =
    target === undefined ? divided(change, stages[start]!.weights) : new Map([[target, change]])
  const { shares, settled } = stages
    .slice(start + 1)
    .reduce(through, { shares: promised, settled: new Map() })
  const keys = new Set([...shares.keys(), ...settled.keys()])
  const lines = [...keys].map((key) =>
    repriced(lineOf(state, key), date, shares.get(key) ?? 0n, settled.get(key) ?? 0n),
  )
  return { state: withLines(state, lines), reasons: [start > 0 ? AFTER_SAID : PRICE_SAID] }
}

/** A modification that was no prospective one made one contract of the whole: a change is divided as it did. */
function stageOf(stages: readonly Stage[], sinceModification: boolean): number {
  const measuredAnew = stages.findLastIndex(
    ({ treatment }) => treatment === 'catch_up' || treatment === 'mixed',
  )
  return sinceModification ? stages.length - 1 : Math.max(measuredAnew, 0)
}

type Shares = ReadonlyMap<string, Minor>
type Walk = { shares: Shares; settled: Shares }

const divided = (amount: Minor, weights: readonly Weight[]): Shares => {
  const parts = splitShares(
    amount,
    weights.map(({ weight }) => weight),
  )
  return new Map(weights.map(({ key }, place) => [key, parts[place]!.minor]))
}

/** Past a prospective modification: what was behind by then is settled, the rest is divided as the rest was. */
function through({ shares, settled }: Walk, { weights, behind }: Stage): Walk {
  if (weights.length === 0) return { shares, settled }
  const kept = new Map<string, Minor>()
  const earned = new Map(settled)
  let pool = 0n
  for (const [key, share] of shares) {
    const part = behind.get(key)
    if (part === undefined) raise(kept, key, share)
    else {
      const past = roundToInteger(multiply(rational(share), part))
      raise(earned, key, past)
      pool += share - past
    }
  }
  for (const [key, share] of divided(pool, weights)) raise(kept, key, share)
  return { shares: kept, settled: earned }
}

const raise = (amounts: Map<string, Minor>, key: string, by: Minor): void => {
  amounts.set(key, (amounts.get(key) ?? 0n) + by)
}

/** The share joins the current pool, of which what is behind is thereby caught up. */
function repriced(line: Line, from: LocalDate, share: Minor, settled: Minor): Line {
  const { earned, pool, ...segment } = currentSegment(line)
  return withSegment(line, {
    ...segment,
    from,
    earned: earned + settled,
    pool: { exact: add(pool.exact, rational(share)), minor: pool.minor + share },
  })
}

const PRICE_SAID = reason(
  'price_change',
  'The price changes in the proportions of inception; what falls on service given before is revenue at once.',
)
const AFTER_SAID = reason(
  'price_change_after_modification',
  'The price changes in the proportions of the modified contract; what falls on service given before is revenue at once.',
)
