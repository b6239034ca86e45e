import type { Metric } from '../../catalog/metric.ts'
import { isPlain } from '../metrics/grouping.ts'
import type { MeterContext } from './meter-context.store.ts'
import { ALL_TIME } from './raw-events.store.ts'
import { StateCells } from './state-cells.ts'

export type ProductMetric = { productRef: string; metric: Metric }

/**
 * Makes sure that products are kept by these metrics. Where events came before their metric was known they are read
 * again, from the archive and the log; nothing may be archived or amended meanwhile, but more may come in.
 *
 * @returns true when any product is kept otherwise than before
 */
export async function keepByMetrics(
  meter: MeterContext,
  products: readonly ProductMetric[],
): Promise<boolean> {
  const changed = products.filter(({ productRef, metric }) => !meter.books.metrics.knows(productRef, metric))
  for (const { productRef, metric } of changed) {
    const since = meter.books.lastNumber
    const cells = isPlain(metric) ? new StateCells() : await statesUpTo(meter, productRef, metric, since)
    meter.storage.transactionSync(() => {
      const { books, raw } = meter
      books.save()
      if (!isPlain(metric)) {
        for (const event of raw.loggedAfter(since))
          if (event.productRef === productRef) cells.add(metric, event)
      }
      books.metrics.keep(productRef, metric, cells.all(), books.lastNumber)
      // The states of other shards went with the others, so all of them are gathered again.
      meter.sql.exec('DELETE FROM gathered')
    })
  }
  return changed.length > 0
}

async function statesUpTo(
  { raw }: MeterContext,
  productRef: string,
  metric: Metric,
  last: number,
): Promise<StateCells> {
  const cells = new StateCells()
  for await (const events of raw.batches(ALL_TIME)) {
    for (const event of events)
      if (event.productRef === productRef && event.number <= last) cells.add(metric, event)
  }
  return cells
}
