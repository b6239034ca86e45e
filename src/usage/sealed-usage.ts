import type { Metric } from '../catalog/metric.ts'
import { add, ZERO } from '../kernel/rational.ts'
import type { Cell } from './bucket.ts'
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

/** Exact decimal strings; `byMonth` has an entry for every month asked for, and they add up to `quantity`. */
export type MeteredTotal = { quantity: string; byMonth: Record<string, string> }

export type SealedUsage = {
  cycleNo: number
  products: ({ productRef: string } & MeteredTotal)[]
  /** The new total of every earlier cycle that got events after it was sealed. */
  corrections: ({ cycleNo: number; productRef: string } & MeteredTotal)[]
}

/** What of a request is frozen for one product: with it the same total can be taken again when late events came. */
export type SealScope = Period & { metric: Metric; months: SealMonth[] }

/** The total of a product's cells over a cycle, whole and by month. */
export function meteredTotal(cells: readonly Cell[], scope: SealScope): MeteredTotal {
  const inCycle = cells.filter((cell) => within(scope, cell.at))
  const total = (part: readonly Cell[]): string => formatQuantity(measure(part, scope.metric))
  return {
    quantity: total(inCycle),
    byMonth: Object.fromEntries(
      scope.months.map((month) => [month.month, total(inCycle.filter((cell) => within(month, cell.at)))]),
    ),
  }
}

const measure = (cells: readonly Cell[], { type }: Metric) =>
  cells.reduce(
    (total, cell) => add(total, type === 'sum' ? cell.quantity : { num: BigInt(cell.events), den: 1n }),
    ZERO,
  )
