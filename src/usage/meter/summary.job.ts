import type { Metric } from '../../catalog/metric.ts'
import { bucketFrom, bucketOf, type Cell } from '../bucket.ts'
import type { MetricCell } from '../metrics/metered-value.ts'
import { contributionOf } from '../metrics/metric-state.ts'
import { type Period, within } from '../period.ts'
import { readQuantity } from '../quantity.ts'
import { type ProductUsage, type SummaryQuery, summarise } from '../usage-summary.ts'
import type { LoggedEvent } from './logged-event.ts'
import type { MeterContext } from './meter-context.store.ts'

/** The usage of a period, by product and window; the period may be any, and the totals are exact. */
export async function summariseUsage(
  meter: MeterContext,
  query: SummaryQuery,
  eventsIn: (period: Period) => Promise<LoggedEvent[]>,
): Promise<ProductUsage[]> {
  const { whole, cut } = bucketsOf(query)
  const beside = (await Promise.all(cut.map(eventsIn))).flat()
  const { totals, metrics } = meter.books
  const isAsked = (event: LoggedEvent) =>
    within(query, event.at) && (query.productRef ?? event.productRef) === event.productRef
  const cells = [...totals.between(whole, query.productRef), ...beside.filter(isAsked).map(eventCell)]
  return summarise(cells, query, (productRef) => {
    const metric = metrics.of(productRef)
    if (!metrics.keeps(productRef)) return { metric, states: [] }
    const carried = metric.recurring ? metrics.between(0, bucketOf(query.start), productRef, metric) : []
    const own = beside.filter((event) => event.productRef === productRef)
    const inside = metrics.between(whole.start, whole.end, productRef, metric)
    return { metric, states: [...carried, ...inside, ...own.flatMap((event) => eventStates(metric, event))] }
  })
}

/** The buckets that lie within a period, and the ones at its edges that it cuts, up to its end. */
function bucketsOf({ start, end }: Period): { whole: Period; cut: Period[] } {
  const [first, last] = [bucketFrom(start), bucketOf(end)]
  const cut =
    first <= last
      ? [
          { start: bucketOf(start), end: first },
          { start: last, end },
        ]
      : [{ start: bucketOf(start), end }]
  return {
    whole: { start: first, end: Math.max(first, last) },
    cut: cut.filter((period) => period.start < period.end),
  }
}

const eventCell = ({ productRef, at, quantity }: LoggedEvent): Cell => ({
  productRef,
  at,
  quantity: readQuantity(quantity),
  events: 1,
})

function eventStates(metric: Metric, event: LoggedEvent): MetricCell[] {
  const own = contributionOf(metric, event)
  return own ? [{ at: event.at, ...own }] : []
}
