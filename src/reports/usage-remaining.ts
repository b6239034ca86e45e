import { addDays, type LocalDate } from '../kernel/calendar.ts'
import { allocate, type Minor, sum } from '../kernel/money.ts'
import { earlier, later } from '../revenue/accounting/service.ts'
import { earnedBy } from '../revenue/schedule.ts'
import { addBands, type Bands, bandEnds, NOTHING, type Remaining, subtractBands } from './remaining.ts'

/** Half-open days. */
type Days = { start: LocalDate; end: LocalDate }

/** An amount that belongs to each of its days alike; minor units. */
type Spread = Days & { amount: Minor }

/** What usage of a product is estimated to come to. */
export type ExpectedUsage = Spread & { productRef: string }

/** A window of a commitment that is not over. */
export type OpenWindow = Days & {
  /** What of the committed amount neither fees nor usage so far have filled; minor units. */
  left: Minor
  /** The one product whose usage fills it; undefined where all usage does. */
  productRef: string | undefined
}

/**
 * What remains of usage after a day: of each commitment what is still to be filled, and what is estimated beyond that.
 * A commitment and the usage that fills it are one consideration: what counts of a window is the larger of the two, by
 * the days of the usage that is expected, or by all days that are left where that does not fill it.
 *
 * @example 60.00 left of a quarter with 61 days left: 60.00. With 90.00 of usage expected in them: 60.00, and 30.00 as
 * estimated
 */
export function usageRemaining(
  { asOf, term }: { asOf: LocalDate; term: Days },
  windows: readonly OpenWindow[],
  expected: readonly ExpectedUsage[],
): Pick<Remaining['bands'], 'minimum_commitments' | 'estimated_usage'> {
  const filled = windows.map((window) => {
    const fills = expected.filter(({ productRef }) => (window.productRef ?? productRef) === productRef)
    return fill(window, addBands(fills.map((usage) => bandsWithin(usage, asOf, window))), asOf)
  })
  const all = addBands(expected.map((usage) => bandsWithin(usage, asOf, term)))
  return {
    minimum_commitments: addBands(filled.map(({ minimum }) => minimum)),
    estimated_usage: subtractBands(all, addBands(filled.map(({ used }) => used))),
  }
}

/** What a window asks for, and what of the expected usage is a part of that. */
function fill(window: OpenWindow, expected: Bands, asOf: LocalDate): { minimum: Bands; used: Bands } {
  const { left, start, end } = window
  if (left <= 0n) return { minimum: NOTHING, used: NOTHING }
  if (sum(expected) < left) {
    const days = { start: later(start, addDays(asOf, 1)), end }
    return { minimum: bandsWithin({ ...days, amount: left }, asOf, days), used: expected }
  }
  const [first, second, third] = allocate(left, expected)
  const minimum: Bands = [first!, second!, third!]
  return { minimum, used: minimum }
}

/** What of an amount falls on days after `asOf` that lie in some days, by bands. */
function bandsWithin({ amount, start, end }: Spread, asOf: LocalDate, days: Days): Bands {
  const from = later(addDays(asOf, 1), later(start, days.start))
  const until = earlier(end, days.end)
  if (from >= until) return NOTHING
  const earned = (day: LocalDate): Minor => {
    const counted = later(addDays(from, -1), earlier(day, addDays(until, -1)))
    return earnedBy({ amount, serviceStart: start, serviceEnd: end }, 'daily', counted)
  }
  const [year, years] = bandEnds(asOf)
  return [earned(year) - earned(asOf), earned(years) - earned(year), earned(until) - earned(years)]
}
