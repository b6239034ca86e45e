import fc from 'fast-check'
import { METRIC_TYPES, type Metric } from '../../../src/catalog/metric.ts'
import type { MetricSample } from '../../../src/usage/metrics/metric-sample.ts'
import { START } from './events.ts'

const QUARTER = 15 * 60_000
/** Ten hours are the window, and as many lie before it. */
const QUARTERS = 40

/** Any metric over the field `f`; recurring where its type carries. */
export const anyMetric: fc.Arbitrary<Metric> = fc
  .record({
    type: fc.constantFrom(...METRIC_TYPES),
    carries: fc.boolean(),
    grouped: fc.boolean(),
    filtered: fc.boolean(),
    percentile: fc.constantFrom('0.1', '0.5', '0.95', '1'),
  })
  .map(({ type, carries, grouped, filtered, percentile }) => ({
    type,
    ...(type !== 'count' && { field: 'f' }),
    ...(['sum', 'unique_count', 'weighted_sum'].includes(type) && { recurring: carries }),
    ...(grouped && { group_by: ['region'] }),
    ...(filtered && { exclude: [{ region: ['us'] }] }),
    ...(type === 'percentile' && { percentile }),
  }))

/** At instants that often fall together, and on the bounds of quarter hours. */
const anyInstant = fc
  .tuple(fc.integer({ min: -QUARTERS, max: QUARTERS - 1 }), fc.constantFrom(0, 1, QUARTER - 1))
  .map(([quarter, more]) => START + quarter * QUARTER + more)

const anyValue = fc.oneof(
  fc.integer({ min: -50, max: 50 }).map((units) => `${units}e-1`),
  fc.constantFrom(null, 'text'),
)

export const anySamples: fc.Arbitrary<MetricSample[]> = fc
  .array(
    fc.record({
      at: anyInstant,
      properties: fc.record({
        f: anyValue,
        region: fc.constantFrom('eu', 'us', null),
        operation_type: fc.constantFrom('add', 'remove', null),
      }),
    }),
    { maxLength: 40 },
  )
  .map((events) => events.map((event, place) => ({ ...event, order: [0, place] as const, quantity: '1' })))
