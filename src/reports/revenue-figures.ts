import { addDays, daysBetween, type LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import { invalid } from '../kernel/problem.ts'
import type { Span } from './span.ts'
import { type Measured, type Tabulated, tabulate } from './tabulate.ts'

/** Revenue of one day, minor units. */
export type DayRevenue = { currency: string; day: LocalDate; revenue: Minor }
/** Revenue of what shares a key, minor units; `name` is the key for people. */
export type GroupRevenue = { currency: string; key: string; name: string; revenue: Minor }
/** Revenue of a span whose service was performed before it. */
export type EarlierRevenue = {
  currency: string
  contractRef: string
  customerRef: string
  productRef: string
  serviceMonth: string
  revenue: Minor
}

export const REVENUE = ['revenue'] as const
export const GROUPS = ['product', 'country', 'entity', 'timing'] as const
/** What revenue is told apart by (ASC 606-10-50-5 and 55-91, IFRS 15.114 and B89). */
export type Group = (typeof GROUPS)[number]

const DAYS_MAX = 366

/**
 * Revenue of each day of a span, day after day without a gap in every currency that has any. Throws `span_too_long` beyond
 * 366 days.
 */
export function revenueByDayOf(days: readonly DayRevenue[], { from, to }: Span): Tabulated<'day', 'revenue'> {
  const length = daysBetween(from, to) + 1
  if (length > DAYS_MAX) throw tooLong()
  const byCurrency = Map.groupBy(days, ({ currency }) => currency)
  const lines = [...byCurrency.keys()].sort().flatMap((currency): Measured<'day', 'revenue'>[] => {
    const known = new Map(byCurrency.get(currency)!.map(({ day, revenue }) => [day, revenue]))
    return Array.from({ length }, (_, place) => {
      const day = addDays(from, place)
      return { currency, words: { day }, figures: { revenue: known.get(day) ?? 0n } }
    })
  })
  return tabulate(lines, REVENUE)
}

const tooLong = () =>
  invalid('span_too_long', `Ask for ${DAYS_MAX} days at the most.`, [
    { path: 'from', message: `must be within ${DAYS_MAX} days of to` },
  ])

/** Revenue told apart by one thing, the largest first. What nothing is known of has an empty key. */
export const disaggregationOf = (groups: readonly GroupRevenue[]): Tabulated<'key' | 'name', 'revenue'> =>
  tabulate(
    groups
      .filter(({ revenue }) => revenue !== 0n)
      .sort(
        (a, b) => compare(a.currency, b.currency) || compare(b.revenue, a.revenue) || compare(a.key, b.key),
      )
      .map(({ currency, key, name, revenue }) => ({ currency, words: { key, name }, figures: { revenue } })),
    REVENUE,
  )

export const EARLIER_WORDS = ['contract_ref', 'customer_ref', 'product_ref', 'service_month'] as const

/**
 * Revenue of a span for service that was performed before it (ASC 606-10-50-12A, IFRS 15.116 c): what came too late for
 * months that were closed, and corrections of what they had.
 */
export const earlierRevenueOf = (
  earlier: readonly EarlierRevenue[],
): Tabulated<(typeof EARLIER_WORDS)[number], 'revenue'> =>
  tabulate(
    earlier
      .filter(({ revenue }) => revenue !== 0n)
      .map(({ currency, revenue, ...of }) => ({
        currency,
        words: {
          contract_ref: of.contractRef,
          customer_ref: of.customerRef,
          product_ref: of.productRef,
          service_month: of.serviceMonth,
        },
        figures: { revenue },
      })),
    REVENUE,
  )

const compare = <T extends string | bigint>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)
