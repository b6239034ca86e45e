import type { Metric } from '../../catalog/metric.ts'
import { type Rational, type RoundingMode, roundToPlaces } from '../../kernel/rational.ts'
import type { Period } from '../period.ts'
import { AVERAGE, COUNT, SUM, WEIGHTED_SUM } from './additive.ts'
import { MAXIMUM, MINIMUM } from './extreme.ts'
import { groupOf } from './grouping.ts'
import { LATEST } from './latest.ts'
import type { MetricFamily, MetricState } from './metric-family.ts'
import type { MetricSample } from './metric-sample.ts'
import { PERCENTILE } from './percentile.ts'
import { isSelected } from './selection.ts'
import { SINGLE_EVENTS } from './single-events.ts'
import { UNIQUE_COUNT } from './unique-count.ts'

export type { MetricState }

/** What one event adds, and to which state: states are kept by group, and large ones in parts. */
export type Contribution = { group: string; part: number; state: MetricState }

const FAMILIES: Record<Metric['type'], MetricFamily> = {
  sum: SUM,
  count: COUNT,
  avg: AVERAGE,
  weighted_sum: WEIGHTED_SUM,
  max: MAXIMUM,
  min: MINIMUM,
  latest: LATEST,
  unique_count: UNIQUE_COUNT,
  percentile: PERCENTILE,
}

const familyOf = ({ type, each }: Metric): MetricFamily => (each ? SINGLE_EVENTS : FAMILIES[type])

const ROUNDING: Record<NonNullable<Metric['rounding']>['function'], RoundingMode> = {
  round: 'half_up',
  ceil: 'ceil',
  floor: 'floor',
}

/** What an event adds to a metric. Undefined: filtered out, excluded, or without the value that the metric needs. */
export function contributionOf(metric: Metric, sample: MetricSample): Contribution | undefined {
  if (!isSelected(metric, sample.properties)) return undefined
  const own = familyOf(metric).stateOf(metric, sample)
  return own && { group: groupOf(metric, sample.properties), ...own }
}

/** The state of all events of one or more states; neither order nor grouping matters. */
export const mergeAll = (metric: Metric, states: readonly MetricState[]): MetricState =>
  familyOf(metric).merge(states)

export const mergeStates = (metric: Metric, a: MetricState, b: MetricState): MetricState =>
  mergeAll(metric, [a, b])

/**
 * The value of one group over a half-open window that is not empty, with the metric's rounding and no other.
 *
 * @param states of the events inside the window: any cells, all parts
 * @param carried states of all events before the window; only recurring metrics look at them
 * @returns undefined where there is no value (max, min, avg, latest and percentile of nothing), which is billed as 0
 */
export function measure(
  metric: Metric,
  states: readonly MetricState[],
  window: Period,
  carried: readonly MetricState[] = [],
): Rational | undefined {
  const family = familyOf(metric)
  const merged = (parts: readonly MetricState[]) => (parts.length > 0 ? family.merge(parts) : undefined)
  const before = metric.recurring ? merged(carried) : undefined
  const value = family.measure(metric, merged(states), window, before)
  if (!value || !metric.rounding) return value
  return roundToPlaces(value, metric.rounding.places, ROUNDING[metric.rounding.function])
}
