import type { Metric } from '../../catalog/metric.ts'
import { type Period, within } from '../period.ts'
import { type Window, windowAt } from '../usage-summary.ts'
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

/** Measures windows that follow each other; a recurring metric carries from each into the next. */
export function meteredWindows(
  metric: Metric,
  cells: readonly MetricCell[],
  windows: readonly Period[],
): (Period & MeteredGroups)[] {
  let carried = cells.filter(({ at }) => windows[0] && at < windows[0].start)
  return windows.map((window) => {
    const known = [...carried, ...cells.filter(({ at }) => within(window, at))]
    carried = metric.recurring ? joinCells(metric, known) : []
    return { ...window, ...meteredGroups(metric, known, window) }
  })
}
