import type { Metric } from '../../catalog/metric.ts'
import { invalid } from '../../kernel/problem.ts'
import { type Period, within } from '../period.ts'
import { type Window, windowAt } from '../windows.ts'
import { joinCells, type MeteredGroups, type MetricCell, meteredGroups } from './metered-value.ts'
import type { MetricSample } from './metric-sample.ts'
import { contributionOf } from './metric-state.ts'

/** An event by its identity: `eventId` within its customer. */
export type PreviewEvent = Omit<MetricSample, 'order'> & { customerRef: string; eventId: string }

/** Events as the cells that a meter would keep. They count once each, the first of an identity, in the order given. */
export function previewCells(metric: Metric, events: readonly PreviewEvent[]): MetricCell[] {
  const first = new Map<string, PreviewEvent>()
  for (const event of events) {
    const identity = JSON.stringify([event.customerRef, event.eventId])
    if (!first.has(identity)) first.set(identity, event)
  }
  return [...first.values()].flatMap((event, place) => {
    const contribution = contributionOf(metric, { ...event, order: [0, place] })
    return contribution ? [{ at: event.at, ...contribution }] : []
  })
}

/** The windows of a time zone that a range touches, one after the other, cut to the range. */
export function windowsOf(range: Period, window: Window, timezone: string): Period[] {
  const windows: Period[] = []
  for (let start = range.start; start < range.end; ) {
    const end = Math.min(windowAt(start, window, timezone).end, range.end)
    windows.push({ start, end })
    start = end
  }
  return windows
}

const CARRIED_VALUES_MAX = 100_000

/**
 * Measures windows that follow each other; a recurring metric carries from each into the next. Throws the Problem
 * `too_many_values` where it would carry too many groups through too many windows.
 */
export function meteredWindows(
  metric: Metric,
  cells: readonly MetricCell[],
  windows: readonly Period[],
): (Period & MeteredGroups)[] {
  if (metric.recurring) checkCarried(cells, windows)
  let carried = cells.filter(({ at }) => windows[0] && at < windows[0].start)
  return windows.map((window) => {
    const own = cells.filter(({ at }) => within(window, at))
    const known = metric.recurring ? [...carried, ...own] : own
    if (metric.recurring && own.length > 0) carried = joinCells(metric, known)
    return { ...window, ...meteredGroups(metric, known, window) }
  })
}

/** A group that is carried has a value in every window from then on, used or not. */
function checkCarried(cells: readonly MetricCell[], { length }: readonly Period[]): void {
  const groups = new Set(cells.map(({ group }) => group)).size
  if (groups * length <= CARRIED_VALUES_MAX) return
  throw invalid(
    'too_many_values',
    `${groups} groups in ${length} windows are more than ${CARRIED_VALUES_MAX} values; ask for fewer windows.`,
  )
}
