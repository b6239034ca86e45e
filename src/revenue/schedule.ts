import type { RecognitionMethod } from '../catalog/product.ts'
import { addDays, addMonths, daysBetween, type LocalDate, monthOf } from '../kernel/calendar.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { assert } from '../kernel/problem.ts'
import { rational, roundToInteger } from '../kernel/rational.ts'
import { shareAt, wholeShare } from './allocation/share.ts'
import type { TimePattern } from './recognition/measure.ts'
import { progressOverTime } from './recognition/time-spans.ts'

/** What an invoice line says about the service that it bills. Amounts are minor units. */
export type BilledService = {
  amount: Minor
  /** Half-open local dates; equal for what is delivered at once. */
  serviceStart: LocalDate
  serviceEnd: LocalDate
  /** `YYYY-MM` of use to minor units; empty where nothing was metered. */
  usageByMonth: Record<string, string>
}

/** What becomes revenue at once: the date that it is booked under, and the month of that date. */
export type RevenuePortion = { month: string; postingDate: LocalDate; amount: Minor }

/**
 * Spreads the amount of an invoice line over the time in which its service is performed (ASC 606-10-25-23 to 25-37,
 * IFRS 15.31 to 45). The portions have one posting date each and add up to the amount exactly; portions of nothing are
 * left out. Negative amounts are the mirror image of positive ones.
 *
 * - `usage`: in the month of use (right to invoice, ASC 606-10-55-18, IFRS 15.B16).
 * - `daily`: straight line over the days of the service period, a portion for each day.
 * - `month_even`, `month_even_prorated_ends`: a portion for each month.
 * - `point_in_time`: all of it when the service begins.
 *
 * What is earned by deliveries (`units`, `milestone`) is accounted for by contract; a line of it outside such a contract
 * pays for a service over time, and is spread over its days.
 */
export const revenuePortions = (service: BilledService, method: RecognitionMethod): RevenuePortion[] =>
  METHODS[method](service).filter(({ amount }) => amount !== 0n)

const METHODS: Record<RecognitionMethod, (service: BilledService) => RevenuePortion[]> = {
  usage: inMonthsOfUse,
  daily: byDays,
  month_even: (service) => byMonths(service, 'month_even'),
  month_even_prorated_ends: (service) => byMonths(service, 'month_even_prorated_ends'),
  units: byDays,
  milestone: byDays,
  point_in_time: (service) => [onDate(service.serviceStart, service.amount)],
}

function inMonthsOfUse({ amount, serviceStart, serviceEnd, usageByMonth }: BilledService): RevenuePortion[] {
  const months = Object.entries(usageByMonth).sort(([a], [b]) => (a < b ? -1 : 1))
  // A fixed fee of a tier is billed even when nothing was used: it is earned by having stood ready to the end.
  if (months.length === 0) return [onDate(lastDay(serviceStart, serviceEnd), amount)]
  const used = sum(months.map(([, part]) => BigInt(part)))
  assert(used === amount, `months of use add up to ${used}, but the line bills ${amount}`)
  return months.map(([month, part]) => ({
    month,
    postingDate: lastServiceDayOf(month, serviceEnd),
    amount: BigInt(part),
  }))
}

/**
 * Up to the end of each day `round(amount × days so far ÷ days in all)` is earned, half away from zero: what rounding
 * takes from one day it gives to a later one, and nothing is left over at the end.
 *
 * @example 10.00 over three days is 3.33, 3.34 and 3.33.
 */
function byDays({ amount, serviceStart, serviceEnd }: BilledService): RevenuePortion[] {
  const days = daysBetween(serviceStart, serviceEnd)
  if (days < 1) return [onDate(serviceStart, amount)]
  const earnedIn = (daysSoFar: number) => shareOf(amount, daysSoFar, days)
  return Array.from({ length: days }, (_, day) =>
    onDate(addDays(serviceStart, day), earnedIn(day + 1) - earnedIn(day)),
  )
}

/** The same rule as for days, with the progress of months. */
function byMonths({ amount, serviceStart, serviceEnd }: BilledService, by: TimePattern): RevenuePortion[] {
  if (serviceEnd <= serviceStart) return [onDate(serviceStart, amount)]
  const { dates, through } = progressOverTime({ by, start: serviceStart, end: serviceEnd })
  const earned = dates.map((date) => shareAt(wholeShare(amount), through(date), 'half_up'))
  return dates.map((date, place) => onDate(date, earned[place]! - (earned[place - 1] ?? 0n)))
}

const shareOf = (amount: Minor, daysSoFar: number, days: number): Minor =>
  roundToInteger(rational(amount * BigInt(daysSoFar), BigInt(days)))

/**
 * What of a fee has become revenue at the end of a day: the portions up to it, without counting them out one by one.
 * A fee has no months of use.
 */
export function earnedBy(
  fee: Omit<BilledService, 'usageByMonth'>,
  method: RecognitionMethod,
  day: LocalDate,
): Minor {
  const { amount, serviceStart, serviceEnd } = fee
  if (day < serviceStart) return 0n
  if (method === 'point_in_time' || day >= lastDay(serviceStart, serviceEnd)) return amount
  if (method === 'usage') return 0n
  if (method === 'month_even' || method === 'month_even_prorated_ends') {
    const portions = byMonths({ ...fee, usageByMonth: {} }, method)
    return sum(portions.filter(({ postingDate }) => postingDate <= day).map((portion) => portion.amount))
  }
  const daysSoFar = daysBetween(serviceStart, day) + 1
  return shareOf(amount, daysSoFar, daysBetween(serviceStart, serviceEnd))
}

const onDate = (date: LocalDate, amount: Minor): RevenuePortion => ({
  month: monthOf(date),
  postingDate: date,
  amount,
})

const lastDay = (start: LocalDate, end: LocalDate): LocalDate => (end > start ? addDays(end, -1) : start)

/**
 * The last day of the month on which service was given. Usage may be billed in a month that the service period of its
 * product does not reach into; then it is the day of that month that is nearest to it.
 */
function lastServiceDayOf(month: string, serviceEnd: LocalDate): LocalDate {
  const first = `${month}-01`
  const nextMonth = addMonths(first, 1)
  const day = addDays(nextMonth < serviceEnd ? nextMonth : serviceEnd, -1)
  return day < first ? first : day
}
