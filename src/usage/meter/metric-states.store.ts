import type { Metric } from '../../catalog/metric.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { assert } from '../../kernel/problem.ts'
import type { MetricCell } from '../metrics/metered-value.ts'
import { mergeStates } from '../metrics/metric-state.ts'
import type { LoggedEvent } from './logged-event.ts'
import type { ProductMetrics } from './product-metrics.store.ts'
import { type StateCell, StateCells, type StateKey } from './state-cells.ts'
import {
  cellOf,
  dropBucket,
  NO_PART,
  nothingLeft,
  putState,
  rowOf,
  STATE_COLUMNS,
  type StatePlace,
  type StateRow,
} from './state-rows.store.ts'

/**
 * The states of products whose metric takes more than the number of events and the sum of quantities, by bucket. As
 * with the totals, what came after the last save is in memory.
 */
export class MetricStates {
  readonly #sql: SqlStorage
  readonly #metrics: ProductMetrics
  readonly #unsaved = new StateCells()

  constructor(sql: SqlStorage, metrics: ProductMetrics) {
    this.#sql = sql
    this.#metrics = metrics
  }

  add(event: LoggedEvent): void {
    for (const kept of this.#metrics.keptOf(event.productRef)) this.#unsaved.add(kept, event)
  }

  /** The states that a metric has of the buckets that begin in a period. */
  between(start: Instant, end: Instant, productRef: string, metric: Metric): MetricCell[] {
    const series = this.#metrics.seriesOf(productRef, metric)
    assert(series, `"${productRef}" is kept by the metric that it is asked for`)
    const stored = this.#where(
      'product_ref = ? AND bucket >= ? AND bucket < ? AND series = ?',
      productRef,
      start,
      end,
      series,
    )
    const isAsked = (cell: StateCell) =>
      cell.productRef === productRef && cell.series === series && cell.bucket >= start && cell.bucket < end
    return [...stored, ...this.#unsaved.all().filter(isAsked)].map(({ bucket, group, part, state }) => ({
      at: bucket,
      group,
      part,
      state,
    }))
  }

  /** All saved states of this shard. */
  own(): StateCell[] {
    return this.#where('shard = 0')
  }

  /** The states of this shard of one bucket, saved or not. */
  ownOf(bucket: Instant): StateCell[] {
    const saved = this.#where('shard = 0 AND bucket = ?', bucket)
    return [...saved, ...this.#unsaved.all().filter((cell) => cell.bucket === bucket)]
  }

  save(number: number): void {
    for (const cell of this.#unsaved.all()) {
      const held = this.#stored(cell)
      const state = held ? mergeStates(this.#metrics.metricOf(cell), held.state, cell.state) : cell.state
      putState(this.#sql, rowOf({ ...cell, state }), 0, number)
    }
    this.#unsaved.clear()
  }

  /** Puts states in the place of those that are saved. */
  put(cells: readonly StateCell[], number: number): void {
    for (const cell of cells) putState(this.#sql, rowOf(cell), 0, number)
  }

  /** Puts the states of one bucket in the place of those that were made from other events. */
  remake(productRef: string, bucket: Instant, cells: readonly StateCell[], number: number): void {
    const nothing = nothingLeft(productRef, bucket)
    dropBucket(this.#sql, nothing, 0)
    putState(this.#sql, nothing, 0, number)
    this.put(cells, number)
  }

  /**
   * Takes over what another shard has by now of the buckets that the rows are of. What was taken over of the bucket
   * `after` is added to: its other rows came right before these.
   */
  takeOver(shard: number, rows: readonly StateRow[], after: StatePlace): void {
    for (const row of rows) {
      const isGoneOnWith = row.product_ref === after.product_ref && row.bucket === after.bucket
      if (!isGoneOnWith) dropBucket(this.#sql, row, shard)
    }
    for (const row of rows) putState(this.#sql, row, shard, 0)
  }

  #stored({ productRef, bucket, series, group, part }: StateKey): StateCell | undefined {
    const [row] = this.#sql.exec<StateRow>(
      `SELECT ${STATE_COLUMNS} FROM metric_cells
       WHERE product_ref = ? AND bucket = ? AND series = ? AND grouping = ? AND part = ? AND shard = 0`,
      productRef,
      bucket,
      series,
      group,
      part,
    )
    return row && cellOf(row)
  }

  #where(condition: string, ...bindings: SqlStorageValue[]): StateCell[] {
    const rows = this.#sql.exec<StateRow>(
      `SELECT ${STATE_COLUMNS} FROM metric_cells WHERE ${condition} AND part <> ${NO_PART}`,
      ...bindings,
    )
    return Array.from(rows, cellOf)
  }
}
