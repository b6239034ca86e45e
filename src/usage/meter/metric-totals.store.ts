import { type Metric, SUM_OF_QUANTITY } from '../../catalog/metric.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { assert } from '../../kernel/problem.ts'
import { isPlain } from '../metrics/grouping.ts'
import type { MetricCell } from '../metrics/metered-value.ts'
import { mergeStates } from '../metrics/metric-state.ts'
import type { LoggedEvent } from './logged-event.ts'
import { type KeptMetric, keptMetric, type StateCell, StateCells, type StateKey } from './state-cells.ts'

/** A state as it is stored, JSON. */
export type StateRow = {
  product_ref: string
  bucket: number
  series: string
  grouping: string
  part: number
  state: string
}

export type StatePlace = Pick<StateRow, 'product_ref' | 'bucket' | 'series' | 'grouping' | 'part'>

/** Before every state: no reference is empty. */
export const STATES_START: StatePlace = { product_ref: '', bucket: 0, series: '', grouping: '', part: 0 }

/** Of a row that stands for a remade bucket and holds no state. */
const NO_PART = -1

/** About what a row takes beside its texts when it is sent. */
const ROW_CHARS = 100

const COLUMNS = 'product_ref, bucket, series, grouping, part, state'

/**
 * What products are measured by, and the states of those whose metric takes more than the number of events and the sum
 * of quantities. A product keeps the states of every metric that it was ever measured by, so that cycles sealed by an
 * earlier one are corrected by that one. As with the totals, what came after the last save is in memory.
 */
export class MetricTotals {
  readonly #sql: SqlStorage
  readonly #shown = new Map<string, Metric>()
  readonly #kept = new Map<string, KeptMetric[]>()
  readonly #unsaved = new StateCells()

  constructor(sql: SqlStorage) {
    this.#sql = sql
    type Row = { product_ref: string; metric: string }
    for (const row of sql.exec<Row>('SELECT product_ref, metric FROM metrics'))
      this.#note(row.product_ref, keptMetric(JSON.parse(row.metric)))
    for (const row of sql.exec<Row>('SELECT product_ref, metric FROM shown_metrics'))
      this.#shown.set(row.product_ref, JSON.parse(row.metric))
  }

  /** The metric that a product is known to have by now. */
  of(productRef: string): Metric {
    return this.#shown.get(productRef) ?? SUM_OF_QUANTITY
  }

  /** True where the product's metric by now is one that states are kept of. */
  keeps(productRef: string): boolean {
    return !isPlain(this.of(productRef))
  }

  /** All metrics that states of the product are kept by. */
  keptOf(productRef: string): readonly KeptMetric[] {
    return this.#kept.get(productRef) ?? []
  }

  get isEmpty(): boolean {
    return this.#kept.size === 0
  }

  all(): { productRef: string; metric: Metric }[] {
    return [...this.#kept].flatMap(([productRef, kept]) => kept.map(({ metric }) => ({ productRef, metric })))
  }

  /** True where usage can be measured by the metric as it is kept. */
  knows(productRef: string, metric: Metric): boolean {
    return isPlain(metric) || this.#seriesOf(productRef, metric) !== undefined
  }

  /** The metric that totals are shown by from now on. */
  show(productRef: string, metric: Metric): void {
    this.#shown.set(productRef, metric)
    this.#sql.exec(
      'INSERT OR REPLACE INTO shown_metrics (product_ref, metric) VALUES (?, ?)',
      productRef,
      JSON.stringify(metric),
    )
  }

  add(event: LoggedEvent): void {
    for (const kept of this.keptOf(event.productRef)) this.#unsaved.add(kept, event)
  }

  /** The states that a metric has of the buckets that begin in a period. */
  between(start: Instant, end: Instant, productRef: string, metric: Metric): MetricCell[] {
    const series = this.#seriesOf(productRef, metric)
    assert(series, `"${productRef}" is kept by the metric that it is asked for`)
    const stored = this.#sql.exec<StateRow>(
      `SELECT ${COLUMNS} FROM metric_cells
       WHERE product_ref = ? AND bucket >= ? AND bucket < ? AND series = ? AND part <> ?`,
      productRef,
      start,
      end,
      series,
      NO_PART,
    )
    const isAsked = (cell: StateCell) =>
      cell.productRef === productRef && cell.series === series && cell.bucket >= start && cell.bucket < end
    return [...Array.from(stored, cellOf), ...this.#unsaved.all().filter(isAsked)].map(
      ({ bucket, group, part, state }) => ({ at: bucket, group, part, state }),
    )
  }

  /** All saved states of this shard. */
  own(): StateCell[] {
    const rows = this.#sql.exec<StateRow>(
      `SELECT ${COLUMNS} FROM metric_cells WHERE shard = 0 AND part <> ?`,
      NO_PART,
    )
    return Array.from(rows, cellOf)
  }

  /** The states of this shard of one bucket, saved or not. */
  ownOf(bucket: Instant): StateCell[] {
    const saved = this.#sql.exec<StateRow>(
      `SELECT ${COLUMNS} FROM metric_cells WHERE shard = 0 AND bucket = ? AND part <> ?`,
      bucket,
      NO_PART,
    )
    return [...Array.from(saved, cellOf), ...this.#unsaved.all().filter((cell) => cell.bucket === bucket)]
  }

  save(number: number): void {
    for (const cell of this.#unsaved.all()) {
      const held = this.#stored(cell)
      const state = held ? mergeStates(this.#metricOf(cell), held.state, cell.state) : cell.state
      this.#store(rowOf({ ...cell, state }), 0, number)
    }
    this.#unsaved.clear()
  }

  /** Keeps a product by a metric, beside those that it is kept by, from now on; `cells` are its states so far. */
  keep(productRef: string, kept: KeptMetric, cells: readonly StateCell[], number: number): void {
    this.#note(productRef, kept)
    this.#sql.exec(
      'INSERT INTO metrics (product_ref, series, metric) VALUES (?, ?, ?)',
      productRef,
      kept.series,
      JSON.stringify(kept.metric),
    )
    for (const cell of cells) this.#store(rowOf(cell), 0, number)
  }

  /** Puts the states of one bucket in the place of those that were made from other events. */
  remake(productRef: string, bucket: Instant, cells: readonly StateCell[], number: number): void {
    this.#sql.exec(
      'DELETE FROM metric_cells WHERE product_ref = ? AND bucket = ? AND shard = 0',
      productRef,
      bucket,
    )
    // Says to whoever has a copy that what was there before is gone.
    const nothing = { product_ref: productRef, bucket, series: '', grouping: '', part: NO_PART, state: '[]' }
    for (const row of [nothing, ...cells.map(rowOf)]) this.#store(row, 0, number)
  }

  /**
   * Takes over what another shard has by now of the buckets that the rows are of. What was taken over of the bucket
   * `after` is added to: its other rows came right before these.
   */
  takeOver(shard: number, rows: readonly StateRow[], after: StatePlace): void {
    for (const { product_ref, bucket } of rows) {
      if (product_ref === after.product_ref && bucket === after.bucket) continue
      this.#sql.exec(
        'DELETE FROM metric_cells WHERE product_ref = ? AND bucket = ? AND shard = ?',
        product_ref,
        bucket,
        shard,
      )
    }
    for (const row of rows) this.#store(row, shard, 0)
  }

  /**
   * The own states of all buckets of which one was saved after a number of the log, in the order of their places from
   * one on, until they are so many characters.
   */
  changedAfter(number: number, after: StatePlace, charsMax: number): { rows: StateRow[]; isAll: boolean } {
    const rows: StateRow[] = []
    let chars = 0
    for (const row of this.#changedAfter(number, after)) {
      if (chars >= charsMax) return { rows, isAll: false }
      rows.push(row)
      chars += row.product_ref.length + row.grouping.length + row.state.length + ROW_CHARS
    }
    return { rows, isAll: true }
  }

  #changedAfter(number: number, after: StatePlace): Iterable<StateRow> {
    return this.#sql.exec<StateRow>(
      `SELECT ${COLUMNS} FROM metric_cells WHERE shard = 0
       AND (product_ref, bucket) IN
         (SELECT product_ref, bucket FROM metric_cells WHERE shard = 0 AND changed_at_number > ?)
       AND (product_ref, bucket, series, grouping, part) > (?, ?, ?, ?, ?)
       ORDER BY product_ref, bucket, series, grouping, part`,
      number,
      after.product_ref,
      after.bucket,
      after.series,
      after.grouping,
      after.part,
    )
  }

  #note(productRef: string, kept: KeptMetric): void {
    this.#kept.set(productRef, [...this.keptOf(productRef), kept])
  }

  #seriesOf(productRef: string, metric: Metric): string | undefined {
    const { series } = keptMetric(metric)
    return this.keptOf(productRef).some((kept) => kept.series === series) ? series : undefined
  }

  #metricOf({ productRef, series }: StateKey): Metric {
    const kept = this.keptOf(productRef).find((one) => one.series === series)
    assert(kept, `a state of "${productRef}" is of a metric that is kept`)
    return kept.metric
  }

  #stored({ productRef, bucket, series, group, part }: StateKey): StateCell | undefined {
    const [row] = this.#sql.exec<StateRow>(
      `SELECT ${COLUMNS} FROM metric_cells
       WHERE product_ref = ? AND bucket = ? AND series = ? AND grouping = ? AND part = ? AND shard = 0`,
      productRef,
      bucket,
      series,
      group,
      part,
    )
    return row && cellOf(row)
  }

  #store(row: StateRow, shard: number, number: number): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO metric_cells
         (product_ref, bucket, series, grouping, part, shard, state, changed_at_number)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      row.product_ref,
      row.bucket,
      row.series,
      row.grouping,
      row.part,
      shard,
      row.state,
      number,
    )
  }
}

const cellOf = (row: StateRow): StateCell => ({
  productRef: row.product_ref,
  bucket: row.bucket,
  series: row.series,
  group: row.grouping,
  part: row.part,
  state: JSON.parse(row.state),
})

const rowOf = ({ productRef, bucket, series, group, part, state }: StateCell): StateRow => ({
  product_ref: productRef,
  bucket,
  series,
  grouping: group,
  part,
  state: JSON.stringify(state),
})
