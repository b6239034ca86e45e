import type { Metric } from '../catalog/metric.ts'
import { type Rational, sum } from '../kernel/rational.ts'
import type { Cell } from './bucket.ts'
import { readGroup } from './metrics/grouping.ts'
import { type MetricCell, meteredByMonth, meteredGroups } from './metrics/metered-value.ts'
import { type Period, within } from './period.ts'
import { formatQuantity } from './quantity.ts'

/** Asks a meter to freeze what the products of one billing cycle were used. Instants; periods are half-open. */
export type SealRequest = {
  contractRef: string
  cycleNo: number
  start: number
  end: number
  products: { productRef: string; metric: Metric }[]
  /** The calendar months that the cycle touches; each is cut to the cycle. */
  months: SealMonth[]
}

export type SealMonth = { month: string; start: number; end: number }

/**
 * Exact decimal strings; `byMonth` has an entry for every month asked for, and they add up to `quantity`, as `groups`
 * do, which a metric with `group_by` has.
 */
export type MeteredTotal = {
  quantity: string
  byMonth: Record<string, string>
  groups?: { group: Record<string, string | null>; quantity: string }[]
}

export type SealedUsage = {
  cycleNo: number
  products: ({ productRef: string } & MeteredTotal)[]
  /** The new total of every earlier cycle that got events after it was sealed. */
  corrections: ({ cycleNo: number; productRef: string } & MeteredTotal)[]
}

/** What of a request is frozen for one product: with it the same total can be taken again when late events came. */
export type SealScope = Period & { metric: Metric; months: SealMonth[] }

/** The total of a product's cells over a cycle, whole and by month. */
export function plainTotal(cells: readonly Cell[], scope: SealScope): MeteredTotal {
  const inCycle = cells.filter((cell) => within(scope, cell.at))
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
  { metric, months, ...cycle }: SealScope,
): MeteredTotal {
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
  }
}
