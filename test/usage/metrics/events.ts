import type { Metric } from '../../../src/catalog/metric.ts'
import { type MetricCell, meteredGroups } from '../../../src/usage/metrics/metered-value.ts'
import type { MetricSample } from '../../../src/usage/metrics/metric-sample.ts'
import { contributionOf } from '../../../src/usage/metrics/metric-state.ts'
import { formatQuantity } from '../../../src/usage/quantity.ts'

export const HOUR = 3_600_000
/** A window of ten hours; events are told by their hour in it, those of negative hours came before. */
export const START = Date.parse('2024-01-10T00:00:00Z')
export const WINDOW = { start: START, end: START + 10 * HOUR }

let received = 0

export const sample = (
  hour: number,
  quantity: string,
  properties: Record<string, unknown> = {},
): MetricSample => ({
  at: START + hour * HOUR,
  order: [0, received++],
  quantity,
  properties,
})

/** Each event as a cell of its own. */
export const cellsOf = (metric: Metric, samples: readonly MetricSample[]): MetricCell[] =>
  samples.flatMap((one) => {
    const contribution = contributionOf(metric, one)
    return contribution ? [{ at: one.at, ...contribution }] : []
  })

export const quantityOf = (metric: Metric, samples: readonly MetricSample[], window = WINDOW): string =>
  formatQuantity(meteredGroups(metric, cellsOf(metric, samples), window).total)
