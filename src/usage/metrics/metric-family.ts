import type { Metric } from '../../catalog/metric.ts'
import type { Rational } from '../../kernel/rational.ts'
import type { Period } from '../period.ts'
import type { MetricSample } from './metric-sample.ts'

/** What is kept of the events of a cell: plain JSON that only the family that wrote it reads. Decimals are text. */
export type MetricState = readonly (string | number | readonly (string | number)[])[]

/**
 * How metrics of one kind are kept. Merging is associative and commutative, so that events may come in any order and
 * cells may be cut and joined at will: the state of their union is always the same.
 */
export type MetricFamily<S extends MetricState = MetricState> = {
  /** The state of one event; undefined where it lacks the value that the metric needs. */
  stateOf(metric: Metric, sample: MetricSample): { part: number; state: S } | undefined
  /** Joins one or more states. */
  merge(states: readonly S[]): S
  /** The exact value over a window, from its own state and the one carried into it; undefined: no value. */
  measure(metric: Metric, own: S | undefined, window: Period, carried: S | undefined): Rational | undefined
}
