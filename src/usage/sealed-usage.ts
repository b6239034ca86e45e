import type { Metric } from '../catalog/metric.ts'
import { formatDecimal, type Rational, sum } from '../kernel/rational.ts'
import type { PaidEvents } from '../rating/percentage.ts'
import type { Cell } from './bucket.ts'
import { readGroup } from './metrics/grouping.ts'
import { type MetricCell, meteredByMonth, meteredGroups } from './metrics/metered-value.ts'
import { type BucketRun, bucketRuns, type PricedParts, paidUpTo } from './metrics/priced-parts.ts'
import { type Period, within } from './period.ts'
import { formatQuantity } from './quantity.ts'

/** Asks a meter to freeze what the products of one billing cycle were used. Instants; periods are half-open. */
export type SealRequest = {
  contractRef: string
  cycleNo: number
  start: number
  end: number
  products: { productRef: string; metric: Metric; parts?: PricedParts | undefined }[]
  /** The calendar months that the cycle touches; each is cut to the cycle. */
  months: SealMonth[]
}

export type SealMonth = { month: string; start: number; end: number }

/**
 * Exact decimal strings; `byMonth` has an entry for every month asked for, and they add up to `quantity`, as `groups`
 * do, which a metric with `group_by` has. `buckets` are those of each month; `paid` is what the price has counted of
 * single events up to the end of each month.
 */
export type MeteredTotal = {
  quantity: string
  byMonth: Record<string, string>
  groups?: { group: Record<string, string | null>; quantity: string }[]
  buckets?: Record<string, BucketRun[]>
  paid?: Record<string, PaidText>
}

/** `PaidEvents` as decimal text; exact, as all of them are sums of products of decimals. */
export type PaidText = { count: string; base: string; bounds: string }

export type SealedUsage = {
  cycleNo: number
  products: ({ productRef: string } & MeteredTotal)[]
  /** The new total of every earlier cycle that got events after it was sealed. */
  corrections: ({ cycleNo: number; productRef: string } & MeteredTotal)[]
}

/** What of a request is frozen for one product: with it the same total can be taken again when late events came. */
export type SealScope = Period & { metric: Metric; months: SealMonth[]; parts?: PricedParts | undefined }

/** The total of a product's cells over a cycle, whole and by month. */
export function plainTotal(cells: readonly Cell[], scope: SealScope): MeteredTotal {
  const inCycle = cells.filter((cell) => within(scope, cell.at))
  if (scope.parts?.by === 'bucket') {
    return bucketedTotal(inCycle, scope, scope.parts, (own) => plainMeasure(own, scope.metric))
  }
  const total = (part: readonly Cell[]): string => formatQuantity(plainMeasure(part, scope.metric))
  return {
    quantity: total(inCycle),
    byMonth: Object.fromEntries(
      scope.months.map((month) => [month.month, total(inCycle.filter((cell) => within(month, cell.at)))]),
    ),
  }
}

/** The number of events, or the sum of their quantities. */
export const plainMeasure = (cells: readonly Cell[], { type }: Metric): Rational =>
  type === 'count'
    ? { num: cells.reduce((events, cell) => events + BigInt(cell.events), 0n), den: 1n }
    : sum(cells.map(({ quantity }) => quantity))

/** The quantity of a product that is kept by its metric; cells before the cycle are what it carries in. */
export function metricTotal(
  cells: readonly MetricCell[],
  { metric, months, parts, ...cycle }: SealScope,
): MeteredTotal {
  if (parts?.by === 'bucket') {
    const measured = (own: readonly MetricCell[], bucket: Period) => meteredGroups(metric, own, bucket).total
    return bucketedTotal(cells, { months }, parts, measured)
  }
  const { total, groups } = meteredGroups(metric, cells, cycle)
  const byMonth = Object.entries(meteredByMonth(metric, cells, cycle, months))
  const grouped = groups.map(({ group, value }) => ({
    group: readGroup(metric, group),
    quantity: formatQuantity(value),
  }))
  return {
    quantity: formatQuantity(total),
    byMonth: Object.fromEntries(byMonth.map(([month, value]) => [month, formatQuantity(value)])),
    ...(metric.group_by && { groups: grouped }),
    ...(parts && { paid: paidTexts(paidUpTo(parts.price, cells, cycle, months)) }),
  }
}

/** The quantities of the buckets of a cycle, and their sum: cells of the cycle alone, as nothing is carried into one. */
function bucketedTotal<T extends { at: number }>(
  cells: readonly T[],
  { months }: Pick<SealScope, 'months'>,
  parts: Extract<PricedParts, { by: 'bucket' }>,
  measured: (cells: readonly T[], bucket: Period) => Rational,
): MeteredTotal {
  const { total, byMonth, buckets } = bucketRuns(cells, parts, months, measured)
  const texts = Object.entries(byMonth).map(([month, value]) => [month, formatQuantity(value)])
  return { quantity: formatQuantity(total), byMonth: Object.fromEntries(texts), buckets }
}

/** More places than the product of two decimals that are taken can have. */
const exact = (value: Rational): string => formatDecimal(value, 120)

const paidTexts = (paid: Record<string, PaidEvents>): Record<string, PaidText> =>
  Object.fromEntries(
    Object.entries(paid).map(([month, { count, base, bounds }]) => [
      month,
      { count: exact(count), base: exact(base), bounds: exact(bounds) },
    ]),
  )
