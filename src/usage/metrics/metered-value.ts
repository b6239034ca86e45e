import type { Metric } from '../../catalog/metric.ts'
import type { Instant } from '../../kernel/calendar.ts'
import {
  add,
  isNegative,
  multiply,
  type Rational,
  rational,
  roundToPlaces,
  subtract,
  sum,
  ZERO,
} from '../../kernel/rational.ts'
import { type Period, within } from '../period.ts'
import { QUANTITY_DIGITS } from '../quantity.ts'
import { type MetricState, measure, mergeAll } from './metric-state.ts'

/** One part of a group's state, of the events of a bucket (at its start) or of a single event. */
export type MetricCell = { at: Instant; group: string; part: number; state: MetricState }

export type MeteredGroups = { total: Rational; groups: { group: string; value: Rational }[] }

/**
 * The quantity of a window by group, in the order of the groups' text, and their sum. Cells before the window are what
 * a recurring metric carries into it; later ones do not count. All values are decimals that `formatQuantity` writes.
 */
export function meteredGroups(metric: Metric, cells: readonly MetricCell[], window: Period): MeteredGroups {
  const relevant = cells.filter(({ at }) => at < window.end && (metric.recurring || at >= window.start))
  const groups = [...Map.groupBy(relevant, ({ group }) => group)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, own]) => ({ group, value: toDecimal(measuredCells(metric, own, window) ?? ZERO) }))
  return { total: sum(groups.map(({ value }) => value)), groups }
}

function measuredCells(metric: Metric, cells: readonly MetricCell[], window: Period): Rational | undefined {
  const { inside = [], before = [] } = Object.groupBy(cells, ({ at }) =>
    within(window, at) ? 'inside' : 'before',
  )
  const states = (part: readonly MetricCell[]) => part.map(({ state }) => state)
  return measure(metric, states(inside), window, states(before))
}

/** One cell for each group and part, at the time of its first one: all that a later window has to carry. */
export function joinCells(metric: Metric, cells: readonly MetricCell[]): MetricCell[] {
  const joined = Map.groupBy(cells, ({ group, part }) => `${part} ${group}`)
  return [...joined.values()].map((own) => ({
    ...own[0]!,
    state: mergeAll(
      metric,
      own.map(({ state }) => state),
    ),
  }))
}

type MonthSpan = Period & { month: string }

/**
 * How the quantity of a window is spread over its months. `adds`: each event adds its part, to its month. `grows`: it
 * only ever rises, in the month of the event that raised it; unless keys were removed. Anything else holds for the
 * window as a whole, evenly.
 */
const SPREAD: Partial<Record<Metric['type'], 'adds' | 'grows'>> = {
  sum: 'adds',
  count: 'adds',
  weighted_sum: 'adds',
  max: 'grows',
  unique_count: 'grows',
}

/**
 * Splits a window's quantity over its calendar months; the parts add up to the total exactly.
 *
 * @param months in order and cut to the window, which they fill
 * @example a sum of 3 in January and 5 in February is { '2026-01': 3, '2026-02': 5 }; so is a maximum of 3, then 8
 */
export function meteredByMonth(
  metric: Metric,
  cells: readonly MetricCell[],
  window: Period,
  months: readonly MonthSpan[],
): Record<string, Rational> {
  const spread = SPREAD[metric.type]
  const happened = spread && partsOf(months, happenedBy(metric, cells, window))
  if (happened && (spread === 'adds' || !Object.values(happened).some(isNegative))) return happened
  const { total } = meteredGroups(metric, cells, window)
  return partsOf(months, (until) => multiply(total, elapsed(window, until)))
}

/** How much of a window's quantity has come together up to an instant: nothing at its start, all at its end. */
type Reached = (until: Instant) => Rational

function happenedBy(metric: Metric, cells: readonly MetricCell[], window: Period): Reached {
  const upTo: Reached = (end) => meteredGroups(metric, cells, { start: window.start, end }).total
  // An average of a part of the window counts for that part.
  if (metric.type === 'weighted_sum') return (until) => multiply(upTo(until), elapsed(window, until))
  // What was carried in is there all the time, so it is spread evenly.
  const carried = upTo(window.start)
  return (until) => add(subtract(upTo(until), carried), multiply(carried, elapsed(window, until)))
}

function partsOf(months: readonly MonthSpan[], reached: Reached): Record<string, Rational> {
  let before = ZERO
  return Object.fromEntries(
    months.map(({ month, end }) => {
      const after = toDecimal(reached(end))
      const part = subtract(after, before)
      before = after
      return [month, part]
    }),
  )
}

const elapsed = ({ start, end }: Period, until: Instant): Rational =>
  rational(BigInt(until - start), BigInt(end - start))

/** A value as a decimal: one that does not end, such as an average of thirds, is rounded to 30 places, half up. */
const toDecimal = (value: Rational): Rational => roundToPlaces(value, QUANTITY_DIGITS)
