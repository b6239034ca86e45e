import type { RecognitionMethod } from '../catalog/product.ts'
import { addDays, addMonths, daysBetween, firstOfMonth, type LocalDate, monthOf } from '../kernel/calendar.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { assert } from '../kernel/problem.ts'
import { rational, roundToInteger } from '../kernel/rational.ts'

/** What an invoice line says about the service that it bills. Amounts are minor units. */
export type BilledService = {
  amount: Minor
  /** Half-open local dates; equal for what is delivered at once. */
  serviceStart: LocalDate
  serviceEnd: LocalDate
  /** `YYYY-MM` of use to minor units; empty where nothing was metered. */
  usageByMonth: Record<string, string>
}

/** What becomes revenue in one month, and the date it is booked under, which always lies in that month. */
export type RevenueMonth = { month: string; postingDate: LocalDate; amount: Minor }

/**
 * Spreads the amount of an invoice line over the months in which its service is performed (ASC 606-10-25-23 to 25-37,
 * IFRS 15.31 to 45). The months add up to the amount exactly; months without an amount are left out. Negative amounts
 * are the mirror image of positive ones.
 *
 * - `usage`: in the month of use (right to invoice, ASC 606-10-55-18, IFRS 15.B16).
 * - `daily`: straight line over the days of the service period.
 * - `point_in_time`: all of it when the service begins.
 */
export const revenueMonths = (service: BilledService, method: RecognitionMethod): RevenueMonth[] =>
  METHODS[method](service).filter(({ amount }) => amount !== 0n)

const METHODS: Record<RecognitionMethod, (service: BilledService) => RevenueMonth[]> = {
  usage: inMonthsOfUse,
  daily: byDays,
  point_in_time: (service) => [onDate(service.serviceStart, service.amount)],
}

function inMonthsOfUse({ amount, serviceStart, serviceEnd, usageByMonth }: BilledService): RevenueMonth[] {
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
 * Each month ends on `round(amount × days so far ÷ days in all)`, half away from zero: the rounding of one month is made
 * good by the next, and nothing is left over at the end.
 *
 * @example 31.00 over 15 January to 14 February is 17.00 and 14.00.
 */
function byDays({ amount, serviceStart, serviceEnd }: BilledService): RevenueMonth[] {
  const days = daysBetween(serviceStart, serviceEnd)
  if (days < 1) return [onDate(serviceStart, amount)]
  const months: RevenueMonth[] = []
  let earned = 0n
  for (let start = serviceStart; start < serviceEnd; ) {
    const nextMonth = addMonths(firstOfMonth(start), 1)
    const end = nextMonth < serviceEnd ? nextMonth : serviceEnd
    const target = roundToInteger(rational(amount * BigInt(daysBetween(serviceStart, end)), BigInt(days)))
    months.push(onDate(addDays(end, -1), target - earned))
    earned = target
    start = end
  }
  return months
}

const onDate = (date: LocalDate, amount: Minor): RevenueMonth => ({
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
