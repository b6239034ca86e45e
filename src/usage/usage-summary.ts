import type { Metric } from '../catalog/metric.ts'
import { sum } from '../kernel/rational.ts'
import type { Cell } from './bucket.ts'
import { isPlain } from './metrics/grouping.ts'
import { type MetricCell, meteredGroups } from './metrics/metered-value.ts'
import type { Period } from './period.ts'
import { formatQuantity } from './quantity.ts'
import { plainMeasure } from './sealed-usage.ts'
import { cellsByWindow, HOUR_MS, type Window } from './windows.ts'

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
