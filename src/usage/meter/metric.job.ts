import type { Metric } from '../../catalog/metric.ts'
import type { MeterContext } from './meter-context.store.ts'
import { ALL_TIME } from './raw-events.store.ts'
import { type KeptMetric, keptMetric, StateCells } from './state-cells.ts'

export type ProductMetric = { productRef: string; metric: Metric }

/**
 * Makes sure that products are kept by these metrics, beside those that they are kept by. Where events came before a
 * metric was known they are read again, from the archive and the log; nothing may be archived or amended meanwhile, but
 * more may come in.
 *
 * @returns true when any product is kept by one more
 */
export async function keepByMetrics(
  meter: MeterContext,
  products: readonly ProductMetric[],
): Promise<boolean> {
  let isAny = false
  for (const { productRef, metric } of products) {
    // Asked each time: the same may be wanted twice.
    if (meter.books.metrics.knows(productRef, metric)) continue
    isAny = true
    const kept = keptMetric(metric)
    const since = meter.books.lastNumber
    const cells = await statesUpTo(meter, productRef, kept, since)
    meter.storage.transactionSync(() => {
      const { books, raw } = meter
      books.save()
      for (const event of raw.loggedAfter(since)) if (event.productRef === productRef) cells.add(kept, event)
      books.metrics.keep(productRef, kept)
      books.states.put(cells.all(), books.lastNumber)
      // Other shards have states of it too, so all of them are gathered again.
      meter.sql.exec('DELETE FROM gathered')
    })
  }
  return isAny
}

async function statesUpTo(
  { raw }: MeterContext,
  productRef: string,
  kept: KeptMetric,
  last: number,
): Promise<StateCells> {
  const cells = new StateCells()
  for await (const events of raw.batches(ALL_TIME)) {
    for (const event of events)
      if (event.productRef === productRef && event.number <= last) cells.add(kept, event)
  }
  return cells
}
