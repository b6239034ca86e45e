import type { Metric } from '../../catalog/metric.ts'
import {
  add,
  divide,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../../kernel/rational.ts'
import type { Period } from '../period.ts'
import { formatQuantity, readQuantity } from '../quantity.ts'
import type { MetricFamily } from './metric-family.ts'
import { type MetricSample, numberOf } from './metric-sample.ts'

/** Running totals: what each event adds to them is added, whatever the order. */
type Totals = readonly string[]
type TermsOf = (metric: Metric, sample: MetricSample) => readonly Rational[] | undefined
type Value = (own: readonly Rational[], window: Period, carried: readonly Rational[]) => Rational | undefined

/** A family that keeps totals of some terms of each event, and computes its value from them. */
const additive = (termsOf: TermsOf, value: Value): MetricFamily<Totals> => ({
  stateOf(metric, sample) {
    const terms = termsOf(metric, sample)
    return terms && { part: 0, state: terms.map(formatQuantity) }
  },
  merge: (states) =>
    states[0]!.map((_, place) => formatQuantity(sum(states.map((state) => readQuantity(state[place]!))))),
  measure: (_, own = [], window, carried = []) =>
    value(own.map(readQuantity), window, carried.map(readQuantity)),
})

const numberAnd =
  (more: (value: Rational, sample: MetricSample) => readonly Rational[]): TermsOf =>
  (metric, sample) => {
    const value = numberOf(metric, sample)
    return value && [value, ...more(value, sample)]
  }

const millis = (length: number): Rational => rational(BigInt(length))

export const COUNT = additive(
  () => [ONE],
  ([events = ZERO]) => events,
)

export const SUM = additive(
  numberAnd(() => []),
  ([total = ZERO], _, [before = ZERO]) => add(before, total),
)

export const AVERAGE = additive(
  numberAnd(() => [ONE]),
  ([total, samples]) => total && samples && divide(total, samples),
)

/**
 * The time average of the running sum. A value v at the time t adds v x (end - t) to the area below it; with the sum of
 * v and the moment, the sum of v x t, the area is known for every window: sum x end - moment.
 */
export const WEIGHTED_SUM = additive(
  numberAnd((value, { at }) => [multiply(value, millis(at))]),
  ([total = ZERO, moment = ZERO], { start, end }, [before = ZERO]) => {
    const length = millis(end - start)
    const area = subtract(multiply(total, millis(end)), moment)
    return divide(add(multiply(before, length), area), length)
  },
)
