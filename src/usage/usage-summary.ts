import type { Metric } from '../catalog/metric.ts'
import { addDays, addMonths, firstOfMonth, type Instant, localDate, startOfDay } from '../kernel/calendar.ts'
import { sum } from '../kernel/rational.ts'
import type { Cell } from './bucket.ts'
import { isPlain } from './metrics/grouping.ts'
import { type MetricCell, meteredGroups } from './metrics/metered-value.ts'
import type { Period } from './period.ts'
import { formatQuantity } from './quantity.ts'
import { plainMeasure } from './sealed-usage.ts'

export const WINDOWS = ['hour', 'day', 'month'] as const
export type Window = (typeof WINDOWS)[number]

const HOUR_MS = 3_600_000
/** The shortest that a window can be, for an upper bound of how many a range has. */
const LENGTH_MS: Record<Window, number> = { hour: HOUR_MS, day: 23 * HOUR_MS, month: 28 * 24 * HOUR_MS }
export const WINDOWS_MAX = 10_000

export type SummaryQuery = Period & {
  productRef?: string | undefined
  window?: Window | undefined
  timezone: string
}

/** Exact decimal text: the sum of quantities, and what the product's metric makes of the events. */
type Usage = { quantity: string; events: number; value: string }
/** `windows` holds those in which there was usage, in order; windows at the edges are cut to the range. */
export type ProductUsage = Usage & { productRef: string; windows: (Period & Usage)[] }

export const windowsAtMost = ({ start, end, window }: SummaryQuery): number =>
  window ? Math.ceil((end - start) / LENGTH_MS[window]) : 0

/** How a product is measured, and the states of its events where its metric takes them. */
export type Measured = { metric: Metric; states: readonly MetricCell[] }

/** Adds cells up by product and window. A product that was asked for by name is there even without usage. */
export function summarise(
  cells: readonly Cell[],
  query: SummaryQuery,
  measuredBy: (productRef: string) => Measured,
): ProductUsage[] {
  const byProduct = Map.groupBy(cells, (cell) => cell.productRef)
  if (query.productRef !== undefined && !byProduct.has(query.productRef)) byProduct.set(query.productRef, [])
  return [...byProduct]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([productRef, own]) => {
      const measured = measuredBy(productRef)
      return {
        productRef,
        ...usageOf(own, query, measured),
        windows: query.window ? windowsOf(own, query, query.window, measured) : [],
      }
    })
}

function windowsOf(
  cells: readonly Cell[],
  query: SummaryQuery,
  window: Window,
  measured: Measured,
): (Period & Usage)[] {
  return cellsByWindow(cells, window, query.timezone).map((entry) => {
    const start = Math.max(entry.period.start, query.start)
    const end = Math.min(entry.period.end, query.end)
    return { start, end, ...usageOf(entry.cells, { start, end }, measured) }
  })
}

function usageOf(cells: readonly Cell[], { start, end }: Period, { metric, states }: Measured): Usage {
  const value = isPlain(metric)
    ? plainMeasure(cells, metric)
    : meteredGroups(metric, states, { start, end }).total
  return {
    quantity: formatQuantity(sum(cells.map((cell) => cell.quantity))),
    events: cells.reduce((count, cell) => count + cell.events, 0),
    value: formatQuantity(value),
  }
}

/** Cells by the window of a time zone that they lie in, in the order of time; a window without any is left out. */
export function cellsByWindow<T extends { at: Instant }>(
  cells: readonly T[],
  window: Window,
  zone: string,
): { period: Period; cells: T[] }[] {
  const byStart = new Map<Instant, { period: Period; cells: T[] }>()
  let frame: Period | undefined
  for (const cell of [...cells].sort((a, b) => a.at - b.at)) {
    // Finding days in a time zone is dear, so one that holds for the next cell too is kept.
    if (!frame || cell.at >= frame.end) frame = frameAt(cell.at, window, zone)
    const period = window === 'hour' ? hourOf(cell.at, frame) : frame
    const held = byStart.get(period.start)
    if (held) held.cells.push(cell)
    else byStart.set(period.start, { period, cells: [cell] })
  }
  return [...byStart.values()]
}

/**
 * The window of a time zone that an instant lies in. Hours are counted from local midnight, so that they are the full
 * hours of zones at half an hour too, and follow each other without gap on days on which the clock changes.
 */
export function windowAt(at: Instant, window: Window, zone: string): Period {
  const frame = frameAt(at, window, zone)
  return window === 'hour' ? hourOf(at, frame) : frame
}

/** The month, or the day that days and hours are found in. */
function frameAt(at: Instant, window: Window, zone: string): Period {
  const date = localDate(at, zone)
  const [first, last] =
    window === 'month' ? [firstOfMonth(date), addMonths(firstOfMonth(date), 1)] : [date, addDays(date, 1)]
  return { start: startOfDay(first, zone), end: startOfDay(last, zone) }
}

function hourOf(at: Instant, day: Period): Period {
  const start = at - ((at - day.start) % HOUR_MS)
  return { start, end: Math.min(start + HOUR_MS, day.end) }
}
