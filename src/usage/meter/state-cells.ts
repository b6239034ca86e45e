import type { Metric } from '../../catalog/metric.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { bucketOf } from '../bucket.ts'
import { contributionOf, type MetricState, mergeStates } from '../metrics/metric-state.ts'
import type { LoggedEvent } from './logged-event.ts'

/** Which state it is: of a product, a bucket, a group and a part. */
export type StateKey = { productRef: string; bucket: Instant; group: string; part: number }
export type StateCell = StateKey & { state: MetricState }

/** States that events are merged into, each of its product, bucket, group and part. */
export class StateCells {
  readonly #cells = new Map<string, StateCell>()

  add(metric: Metric, event: LoggedEvent): void {
    const own = contributionOf(metric, event)
    if (!own) return
    const { group, part, state } = own
    const { productRef } = event
    const bucket = bucketOf(event.at)
    const key = JSON.stringify([productRef, bucket, group, part])
    const held = this.#cells.get(key)
    this.#cells.set(key, {
      productRef,
      bucket,
      group,
      part,
      state: held ? mergeStates(metric, held.state, state) : state,
    })
  }

  all(): StateCell[] {
    return [...this.#cells.values()]
  }

  forget(productRef: string): void {
    for (const [key, cell] of this.#cells) if (cell.productRef === productRef) this.#cells.delete(key)
  }

  clear(): void {
    this.#cells.clear()
  }
}
