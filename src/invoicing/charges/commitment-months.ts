import type { DatePeriod } from '../../contracts/periods/schedule.ts'
import type { CommitmentWindow } from '../../contracts/terms/commitment.ts'
import { elapsedAt } from '../../contracts/terms/window-progress.ts'
import { addMonths, daysBetween, firstOfMonth, monthOf } from '../../kernel/calendar.ts'
import { fromMinor, type Minor, sum, toMinor } from '../../kernel/money.ts'
import { decimal, multiply, rational, roundToInteger } from '../../kernel/rational.ts'
import { addedSoFar, type WindowCommitment } from '../../rating/commitment.ts'
import { type BilledWindow, type CountedService, isMetered, sumOfMonths } from './billed-cycle.ts'
import type { ChargeBasis } from './charge.ts'

type Months = Record<string, Minor>
type Spread = DatePeriod & { amount: Minor }

/** What a commitment asks of one window. */
export const committedIn = ({
  commitment,
  factor,
}: Pick<CommitmentWindow, 'commitment' | 'factor'>): WindowCommitment => ({
  commitment: multiply(decimal(commitment.amount), factor),
  overageFactor: decimal(commitment.overage_factor),
  hasTrueUp: commitment.true_up,
})

/**
 * What a commitment adds to the fees of its window, by the months in which it is earned, in minor units: the committed
 * amount is a floor under what all of the window has earned by the end of each month (`addedSoFar`). A month that fills
 * what was missing before is below zero. The running sum is rounded, so that the months add up to what the window owes.
 *
 * @example 12,000 a year by months, 500.00 used in January and 2,000.00 in February: 500.00 and −500.00, then 500.00 …
 */
export function addedByMonth(
  { terms, rounding }: Pick<ChargeBasis, 'terms' | 'rounding'>,
  window: CommitmentWindow,
  billed: Pick<BilledWindow, 'fees' | 'services'>,
): Months {
  const committed = committedIn(window)
  const costs = costByMonth(window, billed)
  const added: Months = {}
  let [cost, before] = [0n, 0n]
  for (const month of monthsOf(window, Object.keys(costs))) {
    cost += costs[month] ?? 0n
    const elapsed = elapsedAt(terms, window, addMonths(`${month}-01`, 1))
    const soFar = addedSoFar(committed, { elapsed, cost: fromMinor(cost, terms.currency) })
    const due = toMinor(soFar, terms.currency, rounding)
    added[month] = due - before
    before = due
  }
  return added
}

/** The months of a window, and others that usage of it belongs to. */
function monthsOf(
  { start, end }: Pick<CommitmentWindow, 'start' | 'end'>,
  more: readonly string[],
): string[] {
  const months = [monthOf(start)]
  for (let first = nextMonth(start); first < end; first = nextMonth(first)) months.push(monthOf(first))
  return [...new Set([...months, ...more])].sort()
}

/**
 * What counts of each month. Usage has its months; fees are spread over those of their days that lie in the window which
 * they count in, all that are for the same days as one, so that it makes no difference on how many lines they stand.
 * Those of which no days are known are for all of the window.
 */
function costByMonth(
  window: CommitmentWindow,
  { fees, services }: Pick<BilledWindow, 'fees' | 'services'>,
): Months {
  const metered = services.filter(isMetered)
  const unknown = fees - sum(services.map(({ amount }) => amount))
  const spread = [
    ...services.filter((service) => !isMetered(service)).map((service) => daysWithin(window, service)),
    { start: window.start, end: window.end, amount: unknown },
  ]
  const sameDays = Map.groupBy(spread, ({ start, end }) => `${start} ${end}`)
  return sumOfMonths([
    ...metered.map(({ usageByMonth }) => usageByMonth),
    ...[...sameDays.values()].map((same) =>
      monthsOfDays({ ...same[0]!, amount: sum(same.map(({ amount }) => amount)) }),
    ),
  ])
}

function daysWithin(window: CommitmentWindow, { amount, serviceStart, serviceEnd }: CountedService): Spread {
  const start = serviceStart > window.start ? serviceStart : window.start
  const end = serviceEnd < window.end ? serviceEnd : window.end
  return start < end ? { start, end, amount } : { start: window.start, end: window.end, amount }
}

/** The amount by months: up to the end of each, its share by days is rounded. */
function monthsOfDays({ amount, start, end }: Spread): Months {
  const days = daysBetween(start, end)
  const months: Months = {}
  let before = 0n
  for (let day = start; day < end; day = nextMonth(day)) {
    const over = daysBetween(start, nextMonth(day) < end ? nextMonth(day) : end)
    const soFar = roundToInteger(rational(amount * BigInt(over), BigInt(days)))
    months[monthOf(day)] = soFar - before
    before = soFar
  }
  return months
}

const nextMonth = (day: string): string => addMonths(firstOfMonth(day), 1)
