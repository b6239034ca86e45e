import { addDays, addMonths, firstOfMonth, type LocalDate, mondayOf, monthOf } from '../kernel/calendar.ts'
import { formatMoney, type Minor, sum } from '../kernel/money.ts'
import { type Agreement, futureInvoices } from './fixed-fees.ts'

/** Money that is due on a day, minor units: of an invoice that is there, or of one that is to come. */
export type ExpectedCash = {
  currency: string
  dueOn: LocalDate
  amount: Minor
  from: 'invoiced' | 'upcoming'
}

/** `period` is a month, the Monday of a week, `overdue`, or `later` than the last period. Major units. */
export type ForecastRow = {
  currency: string
  period: string
  invoiced: string
  upcoming: string
  total: string
}

export const STEPS = ['week', 'month'] as const
/** The periods of a forecast: the first is the one that the day is in. */
export type Horizon = { asOf: LocalDate; by: (typeof STEPS)[number]; periods: number }

/**
 * When money is due, for each currency: what was due before the day, then period after period without a gap, then what
 * is due later. It is due when the terms say so; nothing is guessed about who pays late.
 */
export function cashForecastOf(expected: readonly ExpectedCash[], horizon: Horizon): ForecastRow[] {
  const periods = ['overdue', ...periodsOf(horizon), 'later']
  const byCurrency = Map.groupBy(expected, ({ currency }) => currency)
  return [...byCurrency.keys()].sort().flatMap((currency) => {
    const byPeriod = Map.groupBy(byCurrency.get(currency)!, ({ dueOn }) => periodOf(dueOn, horizon))
    return periods.map((period) => ({ currency, period, ...figuresOf(byPeriod.get(period) ?? [], currency) }))
  })
}

function figuresOf(expected: readonly ExpectedCash[], currency: string) {
  const of = (from: ExpectedCash['from']) =>
    sum(expected.filter((one) => one.from === from).map((one) => one.amount))
  const [invoiced, upcoming] = [of('invoiced'), of('upcoming')]
  return {
    invoiced: formatMoney(invoiced, currency),
    upcoming: formatMoney(upcoming, currency),
    total: formatMoney(invoiced + upcoming, currency),
  }
}

/** The first day that is after the last period. */
function horizonEnd({ asOf, by, periods }: Horizon): LocalDate {
  return by === 'month' ? addMonths(firstOfMonth(asOf), periods) : addDays(mondayOf(asOf), 7 * periods)
}

const periodsOf = (horizon: Horizon): string[] =>
  Array.from({ length: horizon.periods }, (_, periods) =>
    named(horizonEnd({ ...horizon, periods }), horizon.by),
  )

/** Which period of a forecast a day falls into. */
export function periodOf(day: LocalDate, horizon: Horizon): string {
  if (day < horizon.asOf) return 'overdue'
  return day >= horizonEnd(horizon) ? 'later' : named(day, horizon.by)
}

const named = (day: LocalDate, by: Horizon['by']): string => (by === 'month' ? monthOf(day) : mondayOf(day))

/**
 * What the invoices to come ask for and when, with tax: the fees of the terms, since what will be used nobody knows. One
 * that renews itself is counted up to its end.
 */
export function upcomingCash(agreement: Agreement, horizon: Horizon): ExpectedCash[] {
  const { contract } = agreement
  const { currency, net_terms } = contract.terms
  if (contract.nextCloseAt === null) return []
  const until = addDays(horizonEnd(horizon), -1 - net_terms)
  return [...futureInvoices(agreement, { until })].map((invoice) => ({
    currency,
    dueOn: addDays(invoice.issuedOn, net_terms),
    amount: invoice.total,
    from: 'upcoming',
  }))
}
