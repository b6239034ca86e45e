import type { Metric } from '../../catalog/metric.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import { derivedId } from '../../kernel/id.ts'
import { bucketOf } from '../bucket.ts'
import { contributionOf, type MetricState, mergeStates } from '../metrics/metric-state.ts'
import type { LoggedEvent } from './logged-event.ts'

/** A metric that states are kept by; `series` tells them from those of other metrics, the same in every shard. */
export type KeptMetric = { metric: Metric; series: string }

export const keptMetric = (metric: Metric): KeptMetric => ({
  metric,
  series: derivedId('', canonicalJson(metric)).slice(1, 17),
})

/** Which state it is: of a product, a bucket, a metric, a group and a part. */
export type StateKey = { productRef: string; bucket: Instant; series: string; group: string; part: number }
export type StateCell = StateKey & { state: MetricState }

/** States that events are merged into, each of its product, bucket, metric, group and part. */
export class StateCells {
  readonly #cells = new Map<string, StateCell>()

  add({ metric, series }: KeptMetric, event: LoggedEvent): void {
    const own = contributionOf(metric, event)
    if (!own) return
    const { group, part, state } = own
    const { productRef } = event
    const bucket = bucketOf(event.at)
    const key = JSON.stringify([productRef, bucket, series, group, part])
    const held = this.#cells.get(key)
    this.#cells.set(key, {
      productRef,
      bucket,
      series,
      group,
      part,
      state: held ? mergeStates(metric, held.state, state) : state,
    })
  }

  all(): StateCell[] {
    return [...this.#cells.values()]
  }

  clear(): void {
    this.#cells.clear()
  }
}
