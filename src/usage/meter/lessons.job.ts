import { logError } from '../../log.ts'
import type { MeterCalendar } from '../meter-calendar.ts'
import type { SealRequest } from '../sealed-usage.ts'
import type { WorkingMeter } from './meter-memory.job.ts'
import { keepByMetrics, type ProductMetric } from './metric.job.ts'

/** Learns what the customer's contracts bill, in every shard. A calendar older than the one known changes nothing. */
export async function learnCalendar(meter: WorkingMeter, calendar: MeterCalendar): Promise<void> {
  if (!meter.memory.billing.learn(calendar)) return
  await keepBy(meter, calendar.metrics, calendar.metrics)
  await Promise.all(meter.spread.others((shard) => shard.learn(calendar)))
}

/** Counting does not depend on contracts, so that a database out of reach is no reason to refuse usage. */
export async function lookUpContracts(meter: WorkingMeter): Promise<void> {
  try {
    const calendar = await meter.memory.billing.lookUp()
    if (calendar) await learnCalendar(meter, calendar)
  } catch (error) {
    logError(error, { meter: meter.name, job: 'look up contracts' })
  }
}

/** Keeps the products of a seal by the metrics that it measures them by, whether or not a calendar has told of them. */
export async function learnFromSeal(meter: WorkingMeter, { products }: SealRequest): Promise<void> {
  const taught = new Set(meter.memory.billing.calendar.metrics.map(({ productRef }) => productRef))
  const untaught = products.filter(({ productRef, metric }) => !taught.has(productRef) && !metric.each)
  await keepBy(meter, products, untaught)
}

/** Keeps products by these metrics, and shows totals by those of `shown`; what was shown may be that of others. */
async function keepBy(
  meter: WorkingMeter,
  metrics: readonly ProductMetric[],
  shown: readonly ProductMetric[],
): Promise<void> {
  const { memory } = meter
  await memory.alone(() => keepByMetrics(meter, metrics))
  memory.change(() => {
    for (const { productRef, metric } of shown) meter.books.metrics.show(productRef, metric)
  })
  memory.cycleTotals.clear()
}
