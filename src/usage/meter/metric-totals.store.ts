import { type Metric, SUM_OF_QUANTITY } from '../../catalog/metric.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import { isPlain } from '../metrics/grouping.ts'
import type { MetricCell } from '../metrics/metered-value.ts'
import { mergeStates } from '../metrics/metric-state.ts'
import type { LoggedEvent } from './logged-event.ts'
import { type StateCell, StateCells, type StateKey } from './state-cells.ts'

/** A state as it is stored, JSON. */
export type StateRow = {
  product_ref: string
  bucket: number
  grouping: string
  part: number
  state: string
}

export type StatePlace = Pick<StateRow, 'product_ref' | 'bucket' | 'grouping' | 'part'>

/** Before every state: no reference is empty. */
export const STATES_START: StatePlace = { product_ref: '', bucket: 0, grouping: '', part: 0 }

/** Of a row that stands for a remade bucket and holds no state. */
const NO_PART = -1

/** About what a row takes beside its texts when it is sent. */
const ROW_CHARS = 100

/**
 * What products are measured by, and the states of those whose metric takes more than the number of events and the sum
 * of quantities. As with the totals, what came after the last save is in memory.
 */
export class MetricTotals {
  readonly #sql: SqlStorage
  readonly #metrics = new Map<string, Metric>()
  readonly #unsaved = new StateCells()

  constructor(sql: SqlStorage) {
    this.#sql = sql
    for (const row of sql.exec<{ product_ref: string; metric: string }>(
      'SELECT product_ref, metric FROM metrics',
    ))
      this.#metrics.set(row.product_ref, JSON.parse(row.metric))
  }

  /** The metric that a product is known to have. */
  of(productRef: string): Metric {
    return this.#metrics.get(productRef) ?? SUM_OF_QUANTITY
  }

  /** True where states are kept of a product. */
  keeps(productRef: string): boolean {
    return !isPlain(this.of(productRef))
  }

  get isEmpty(): boolean {
    return this.#metrics.size === 0
  }

  all(): { productRef: string; metric: Metric }[] {
    return Array.from(this.#metrics, ([productRef, metric]) => ({ productRef, metric }))
  }

  knows(productRef: string, metric: Metric): boolean {
    return canonicalJson(this.of(productRef)) === canonicalJson(metric)
  }

  add(event: LoggedEvent): void {
    if (this.keeps(event.productRef)) this.#unsaved.add(this.of(event.productRef), event)
  }

  /** The states of the buckets that begin in a period. */
  between(start: Instant, end: Instant, productRef: string): MetricCell[] {
    const stored = this.#sql.exec<StateRow>(
      `SELECT product_ref, bucket, grouping, part, state FROM metric_cells
       WHERE product_ref = ? AND bucket >= ? AND bucket < ? AND part <> ?`,
      productRef,
      start,
      end,
      NO_PART,
    )
    const isAsked = (cell: StateCell) =>
      cell.productRef === productRef && cell.bucket >= start && cell.bucket < end
    return [...Array.from(stored, cellOf), ...this.#unsaved.all().filter(isAsked)].map(
      ({ bucket, group, part, state }) => ({ at: bucket, group, part, state }),
    )
  }

  /** All saved states of this shard. */
  own(): StateCell[] {
    const rows = this.#sql.exec<StateRow>(
      'SELECT product_ref, bucket, grouping, part, state FROM metric_cells WHERE shard = 0 AND part <> ?',
      NO_PART,
    )
    return Array.from(rows, cellOf)
  }

  save(number: number): void {
    for (const cell of this.#unsaved.all()) {
      const held = this.#stored(cell)
      const state = held ? mergeStates(this.of(cell.productRef), held.state, cell.state) : cell.state
      this.#store(rowOf({ ...cell, state }), 0, number)
    }
    this.#unsaved.clear()
  }

  /** Keeps a product by a metric from now on; `cells` are its states so far, and what was kept otherwise goes. */
  keep(productRef: string, metric: Metric, cells: readonly StateCell[], number: number): void {
    this.#metrics.set(productRef, metric)
    this.#unsaved.forget(productRef)
    this.#sql.exec('DELETE FROM metric_cells WHERE product_ref = ?', productRef)
    this.#sql.exec(
      'INSERT OR REPLACE INTO metrics (product_ref, metric) VALUES (?, ?)',
      productRef,
      JSON.stringify(metric),
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
    const nothing = { product_ref: productRef, bucket, grouping: '', part: NO_PART, state: '[]' }
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

  #changedAfter(number: number, { product_ref, bucket, grouping, part }: StatePlace): Iterable<StateRow> {
    return this.#sql.exec<StateRow>(
      `SELECT product_ref, bucket, grouping, part, state FROM metric_cells WHERE shard = 0
       AND (product_ref, bucket) IN
         (SELECT product_ref, bucket FROM metric_cells WHERE shard = 0 AND changed_at_number > ?)
       AND (product_ref, bucket, grouping, part) > (?, ?, ?, ?)
       ORDER BY product_ref, bucket, grouping, part`,
      number,
      product_ref,
      bucket,
      grouping,
      part,
    )
  }

  #stored({ productRef, bucket, group, part }: StateKey): StateCell | undefined {
    const [row] = this.#sql.exec<StateRow>(
      `SELECT product_ref, bucket, grouping, part, state FROM metric_cells
       WHERE product_ref = ? AND bucket = ? AND grouping = ? AND part = ? AND shard = 0`,
      productRef,
      bucket,
      group,
      part,
    )
    return row && cellOf(row)
  }

  #store(row: StateRow, shard: number, number: number): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO metric_cells (product_ref, bucket, grouping, part, shard, state, changed_at_number)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      row.product_ref,
      row.bucket,
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
  group: row.grouping,
  part: row.part,
  state: JSON.parse(row.state),
})

const rowOf = ({ productRef, bucket, group, part, state }: StateCell): StateRow => ({
  product_ref: productRef,
  bucket,
  grouping: group,
  part,
  state: JSON.stringify(state),
})
