import type { Instant } from '../kernel/calendar.ts'
import { compare, decimal, ONE, ZERO } from '../kernel/rational.ts'

export const METRIC_TYPES = [
  'sum',
  'count',
  'max',
  'min',
  'avg',
  'latest',
  'unique_count',
  'weighted_sum',
  'percentile',
] as const

/** Which values of an event's properties are meant: each key has one of the values listed for it. */
export type PropertyMatch = Record<string, string[]>

/** How the usage events of a product become one quantity of a billing period. */
export type Metric = {
  type: (typeof METRIC_TYPES)[number]
  /** What is aggregated: `quantity`, the default, or a key of the event's properties. */
  field?: string | undefined
  /** Only events that match are taken; */
  filter?: PropertyMatch | undefined
  /** and of those, none that matches one of these. */
  exclude?: PropertyMatch[] | undefined
  /** Keys of properties: each combination of their values is measured alone. */
  group_by?: string[] | undefined
  /** A period starts from the value at the end of the one before. */
  recurring?: boolean | undefined
  /** Of the aggregated quantity, before pricing. Negative places round to tens, hundreds and so on. */
  rounding?: { function: 'round' | 'ceil' | 'floor'; places: number } | undefined
  /** For `percentile`: the part of the samples that lies at or below the value, a decimal such as `0.95`. */
  percentile?: string | undefined
  /** Keeps the single amounts in their order. No product says so: it is what a price that looks at each event asks for. */
  each?: true | undefined
}

export const SUM_OF_QUANTITY: Metric = { type: 'sum' }

/** A metric that a product had, up to the instant at which it got another one. */
export type EarlierMetric = { metric: Metric; until: Instant }

/**
 * The metric that a cycle is measured by: the one that its product had when the cycle began, so that a change holds from
 * the next cycle on and never turns a running one into another quantity.
 *
 * @param earlier in any order
 */
export function metricAt<M extends Metric | null>(
  current: M,
  earlier: readonly EarlierMetric[],
  at: Instant,
): Metric | M {
  const since = earlier.filter(({ until }) => until > at).sort((a, b) => a.until - b.until)
  return since[0]?.metric ?? current
}

const CARRYING: ReadonlySet<Metric['type']> = new Set(['sum', 'unique_count', 'weighted_sum'])

/** What of a metric makes no sense together, and where. */
export function faultsOfMetric(metric: Metric): { field: keyof Metric; message: string }[] {
  const { type, percentile, group_by: keys = [] } = metric
  const faults: { field: keyof Metric; message: string | false }[] = [
    {
      field: 'field',
      message: type === 'count' && metric.field !== undefined && 'a count counts events, it reads no field',
    },
    {
      field: 'recurring',
      message:
        !!metric.recurring &&
        !CARRYING.has(type) &&
        `only ${[...CARRYING].join(', ')} carry over, not ${type}`,
    },
    { field: 'percentile', message: faultOfPercentile(type, percentile) },
    { field: 'group_by', message: new Set(keys).size < keys.length && 'names a key twice' },
  ]
  return faults.flatMap(({ field, message }) => (message ? [{ field, message }] : []))
}

function faultOfPercentile(type: Metric['type'], text: string | undefined): string | false {
  if (type !== 'percentile') return text !== undefined && `only a percentile has one, not ${type}`
  if (text === undefined) return 'is needed: 0.95 for the 95th percentile'
  const part = decimal(text)
  const fits = compare(part, ZERO) > 0 && compare(part, ONE) <= 0
  return !fits && 'must be above 0 and at most 1: 0.95 is the 95th percentile'
}
