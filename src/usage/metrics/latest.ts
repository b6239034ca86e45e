import { compare } from '../../kernel/rational.ts'
import { formatQuantity, readQuantity } from '../quantity.ts'
import type { MetricFamily } from './metric-family.ts'
import { type MetricSample, numberOf } from './metric-sample.ts'

/** The place of an event in the order of what happened: its timestamp; at the same time, what was received later. */
type Place = readonly [at: number, receivedAt: number, sequence: number]

export const placeOf = ({ at, order: [receivedAt, sequence] }: MetricSample): Place => [
  at,
  receivedAt,
  sequence,
]

/** Below zero where `a` comes before `b`. */
export const comparePlaces = (a: Place, b: Place): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]

type Latest = readonly [...Place, value: string]

export const LATEST: MetricFamily<Latest> = {
  stateOf(metric, sample) {
    const value = numberOf(metric, sample)
    return value && { part: 0, state: [...placeOf(sample), formatQuantity(value)] }
  },
  merge: (states) => states.reduce((a, b) => (compareLatest(a, b) < 0 ? b : a)),
  measure: (_, own) => own && readQuantity(own[3]),
}

/** The value decides between equal places, so that the outcome never depends on the order of merging. */
const compareLatest = (a: Latest, b: Latest): number =>
  comparePlaces([a[0], a[1], a[2]], [b[0], b[1], b[2]]) || compare(readQuantity(a[3]), readQuantity(b[3]))
