import { type Metric, SUM_OF_QUANTITY } from '../../catalog/metric.ts'
import { assert } from '../../kernel/problem.ts'
import { isPlain } from '../metrics/grouping.ts'
import { type KeptMetric, keptMetric, type StateKey } from './state-cells.ts'

type MetricRow = { product_ref: string; metric: string }

/**
 * What products are measured by: the metric that each is known to have by now, and those that states are kept of. A
 * product stays kept by every metric that it was ever measured by, so that cycles sealed by an earlier one are
 * corrected by that one.
 */
export class ProductMetrics {
  readonly #sql: SqlStorage
  readonly #shown = new Map<string, Metric>()
  readonly #kept = new Map<string, KeptMetric[]>()

  constructor(sql: SqlStorage) {
    this.#sql = sql
    for (const row of sql.exec<MetricRow>('SELECT product_ref, metric FROM metrics'))
      this.#note(row.product_ref, keptMetric(JSON.parse(row.metric)))
    for (const row of sql.exec<MetricRow>('SELECT product_ref, metric FROM shown_metrics'))
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
    return isPlain(metric) || this.seriesOf(productRef, metric) !== undefined
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

  /** Keeps a product by a metric, beside those that it is kept by, from now on. */
  keep(productRef: string, kept: KeptMetric): void {
    this.#note(productRef, kept)
    this.#sql.exec(
      'INSERT INTO metrics (product_ref, series, metric) VALUES (?, ?, ?)',
      productRef,
      kept.series,
      JSON.stringify(kept.metric),
    )
  }

  /** The series of a product's states by a metric; undefined where it is not kept by it. */
  seriesOf(productRef: string, metric: Metric): string | undefined {
    const { series } = keptMetric(metric)
    return this.keptOf(productRef).some((kept) => kept.series === series) ? series : undefined
  }

  /** The metric that a state is of. */
  metricOf({ productRef, series }: StateKey): Metric {
    const kept = this.keptOf(productRef).find((one) => one.series === series)
    assert(kept, `a state of "${productRef}" is of a metric that is kept`)
    return kept.metric
  }

  #note(productRef: string, kept: KeptMetric): void {
    this.#kept.set(productRef, [...this.keptOf(productRef), kept])
  }
}
