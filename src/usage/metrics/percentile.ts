import type { Metric } from '../../catalog/metric.ts'
import { assert } from '../../kernel/problem.ts'
import {
  compare,
  decimal,
  multiply,
  ONE,
  type Rational,
  rational,
  roundToInteger,
  subtract,
} from '../../kernel/rational.ts'
import { formatQuantity, readQuantity } from '../quantity.ts'
import type { MetricFamily } from './metric-family.ts'
import { numberOf } from './metric-sample.ts'
import { partOf } from './part.ts'

/** A value and how many samples have it. */
type Tally = readonly [value: string, samples: number]

export const PERCENTILE: MetricFamily<readonly Tally[]> = {
  stateOf(metric, sample) {
    const value = numberOf(metric, sample)
    if (!value) return undefined
    const text = formatQuantity(value)
    return { part: partOf(text), state: [[text, 1]] }
  },
  merge(states) {
    const samples = new Map<string, number>()
    for (const [value, count] of states.flat()) samples.set(value, (samples.get(value) ?? 0) + count)
    return [...samples].sort(([a], [b]) => (a < b ? -1 : 1))
  },
  measure: (metric, own) => own && highestAfterDropping(own, (samples) => droppedOf(metric, samples)),
}

/** Of n samples the floor(n x (1 - p)) highest are dropped: 432 of 8,640 at 0.95. */
function droppedOf({ percentile }: Metric, samples: bigint): bigint {
  assert(percentile !== undefined, 'a percentile says which one')
  return roundToInteger(multiply(rational(samples), subtract(ONE, decimal(percentile))), 'floor')
}

function highestAfterDropping(
  tallies: readonly Tally[],
  dropped: (samples: bigint) => bigint,
): Rational | undefined {
  const falling = tallies
    .map(([text, samples]) => ({ value: readQuantity(text), samples: BigInt(samples) }))
    .sort((a, b) => compare(b.value, a.value))
  let left = dropped(falling.reduce((total, { samples }) => total + samples, 0n))
  return falling.find(({ samples }) => {
    left -= samples
    return left < 0n
  })?.value
}
