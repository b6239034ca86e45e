import { daysBetween, type LocalDate } from '../kernel/calendar.ts'
import { type Minor, sum } from '../kernel/money.ts'

/** What is open of one seller's invoices with the same due date. */
export type OpenAmount = { entityRef: string; currency: string; dueDate: LocalDate; open: Minor }
export type CurrencyAmount = { currency: string; amount: Minor }
export type ContractPosition = { currency: string; deferred: Minor; unbilled: Minor }

/** Days after the due date at which a bucket of the ageing ends; the last has no end. */
export const AGES = [
  { name: 'Not due', upTo: 0 },
  { name: '1–30 days', upTo: 30 },
  { name: '31–60 days', upTo: 60 },
  { name: '61–90 days', upTo: 90 },
  { name: 'Over 90 days', upTo: Number.POSITIVE_INFINITY },
] as const

export type CurrencyOverview = {
  currency: string
  outstanding: Minor
  overdue: Minor
  /** One amount for each of `AGES`. */
  ages: Minor[]
  collected: Minor
  recognised: Minor
  deferred: Minor
  unbilled: Minor
}

type Sums = {
  open: readonly OpenAmount[]
  collected: readonly CurrencyAmount[]
  recognised: readonly CurrencyAmount[]
  positions: readonly ContractPosition[]
}

/**
 * The money at a glance, one row for each currency: amounts of different currencies are never added up.
 *
 * @param todayOf the local date of a seller, whose zone its due dates are in
 */
export function overviewOf(sums: Sums, todayOf: (entityRef: string) => LocalDate): CurrencyOverview[] {
  const currencies = new Set(Object.values(sums).flatMap((rows) => rows.map(({ currency }) => currency)))
  return [...currencies].sort().map((currency) => {
    const ages = agesOf(
      sums.open.filter((row) => row.currency === currency),
      todayOf,
    )
    const outstanding = sum(ages)
    const position = sums.positions.find((row) => row.currency === currency)
    return {
      currency,
      outstanding,
      overdue: outstanding - (ages[0] ?? 0n),
      ages,
      collected: amountIn(sums.collected, currency),
      recognised: amountIn(sums.recognised, currency),
      deferred: position?.deferred ?? 0n,
      unbilled: position?.unbilled ?? 0n,
    }
  })
}

function agesOf(open: readonly OpenAmount[], todayOf: (entityRef: string) => LocalDate): Minor[] {
  const ages = AGES.map(() => 0n)
  for (const row of open) {
    const late = daysBetween(row.dueDate, todayOf(row.entityRef))
    const place = AGES.findIndex(({ upTo }) => late <= upTo)
    ages[place] = (ages[place] ?? 0n) + row.open
  }
  return ages
}

const amountIn = (rows: readonly CurrencyAmount[], currency: string): Minor =>
  rows.find((row) => row.currency === currency)?.amount ?? 0n
