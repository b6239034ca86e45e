import { bucketOf } from '../bucket.ts'
import type { MetricCell } from '../metrics/metered-value.ts'
import { type ProductUsage, type SummaryQuery, summarise } from '../usage-summary.ts'
import { bucketsOf, type EdgeQuery, type EdgeUsage, isInside } from './edge.job.ts'
import type { MeterContext } from './meter-context.store.ts'
import { keptMetric } from './state-cells.ts'

/**
 * The usage of a period, by product and window; the period may be any, and the totals are exact.
 *
 * @param edgesOf asks all shards for the parts of buckets at the ends of the period
 */
export async function summariseUsage(
  meter: MeterContext,
  query: SummaryQuery,
  edgesOf: (query: EdgeQuery) => Promise<EdgeUsage[]>,
): Promise<ProductUsage[]> {
  const { productRef } = query
  const { whole, edges } = bucketsOf(query)
  const found = edges.length > 0 ? await edgesOf({ edges, productRef }) : []
  const { totals, metrics, states } = meter.books
  const beside = found.filter((one) => isInside(query, one)).flatMap(({ cells }) => cells)
  return summarise([...totals.between(whole, productRef), ...beside], query, (productRef) => {
    const metric = metrics.of(productRef)
    if (!metrics.keeps(productRef)) return { metric, states: [] }
    const carried = metric.recurring ? states.between(0, bucketOf(query.start), productRef, metric) : []
    const inside = states.between(whole.start, whole.end, productRef, metric)
    const { series } = keptMetric(metric)
    const own = found.flatMap(({ edge, states }): MetricCell[] =>
      states
        .filter((cell) => cell.productRef === productRef && cell.series === series)
        .map(({ group, part, state }) => ({ at: edge.start, group, part, state })),
    )
    return { metric, states: [...carried, ...inside, ...own] }
  })
}
