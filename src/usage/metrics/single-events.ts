import { compare, multiply, type Rational, sum } from '../../kernel/rational.ts'
import type { EventRun } from '../../rating/percentage.ts'
import { type Period, within } from '../period.ts'
import { formatQuantity, readQuantity } from '../quantity.ts'
import type { MetricFamily, MetricState } from './metric-family.ts'
import { numberOf } from './metric-sample.ts'
import { partOf } from './part.ts'

/** How many events of one instant have the same amount. */
type Single = readonly [at: number, amount: string, times: number]

/**
 * Keeps the amount of every event with its time, for prices that look at each. Equal amounts of one instant are told
 * apart by nothing, so only their number is kept.
 */
export const SINGLE_EVENTS: MetricFamily<readonly Single[]> = {
  stateOf(metric, sample) {
    const value = numberOf(metric, sample)
    return value && { part: partOf(String(sample.at)), state: [[sample.at, formatQuantity(value), 1]] }
  },
  merge(states) {
    const singles = new Map<string, Single>()
    for (const [at, amount, times] of states.flat()) {
      const key = `${at} ${amount}`
      singles.set(key, [at, amount, times + (singles.get(key)?.[2] ?? 0)])
    }
    return [...singles].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, single]) => single)
  },
  measure: (_, own = []) =>
    sum(own.map(([, amount, times]) => multiply(readQuantity(amount), timesOf(times)))),
}

/** The events of a window in the order of time; of one instant, the smaller amounts come first. */
export function eventRuns(
  cells: readonly { state: MetricState }[],
  window: Period,
): (EventRun & { at: number })[] {
  return cells
    .flatMap(({ state }) => state as readonly Single[])
    .filter(([at]) => within(window, at))
    .map(([at, amount, times]) => ({ at, amount: readQuantity(amount), times: BigInt(times) }))
    .sort((a, b) => a.at - b.at || compare(a.amount, b.amount))
}

const timesOf = (times: number): Rational => ({ num: BigInt(times), den: 1n })
