import { addDays, addMonths, daysBetween, firstOfMonth, type LocalDate } from '../../kernel/calendar.ts'
import {
  add,
  divide,
  multiply,
  ONE,
  type Rational,
  rational,
  reduce,
  subtract,
  ZERO,
} from '../../kernel/rational.ts'
import type { Measure, Progress, TimePattern } from './measure.ts'

/** Days of one calendar month (half-open) and the part of the whole that they earn, evenly. */
type Span = { start: LocalDate; end: LocalDate; part: Rational }

type OverTime = Extract<Measure, { start: LocalDate }>

/**
 * Progress over whole days. Each calendar month of the service has its part, and the days of the month share it, so that
 * a date inside a month has its progress too.
 *
 * - `daily`: by days, whatever the month.
 * - `month_even`: the same for each month from the first one up to, and without, the month that the service ends in.
 * - `month_even_prorated_ends`: a first or last month that is not whole earns by its days; the others share the rest.
 *
 * Throws a RangeError unless `end` is after `start`.
 */
export function progressOverTime({ by, start, end }: OverTime): Progress {
  if (end <= start) throw new RangeError(`a service from ${start} does not end before ${end}`)
  const spans = PATTERNS[by](monthsOf(start, end))
  const reached = runningTotals(spans)
  return {
    through: (date) => {
      const place = spans.findLastIndex((span) => span.start <= date)
      return place < 0
        ? ZERO
        : add(reached[place]!, multiply(spans[place]!.part, elapsed(spans[place]!, date)))
    },
    dates: spans.map((span) => addDays(span.end, -1)),
    extent: by === 'month_even' ? rational(BigInt(spans.length)) : rational(BigInt(daysBetween(start, end))),
  }
}

type Month = { start: LocalDate; end: LocalDate; days: bigint; isWhole: boolean }

const PATTERNS: Record<TimePattern, (months: Month[]) => Span[]> = {
  daily: byDays,
  month_even: evenly,
  month_even_prorated_ends: withProratedEnds,
}

function byDays(months: Month[]): Span[] {
  const all = daysOf(months)
  return months.map((month) => spanOf(month, rational(month.days, all)))
}

/** A service from the 15th to the 15th touches one month more than it lasts: the last one is left out. */
function evenly(months: Month[]): Span[] {
  const last = months.at(-1)!
  const counted = months.length > 1 && !isMonthEnd(last.end) ? months.slice(0, -1) : months
  return counted.map((month) => spanOf(month, rational(1n, BigInt(counted.length))))
}

function withProratedEnds(months: Month[]): Span[] {
  const all = daysOf(months)
  const whole = months.filter(({ isWhole }) => isWhole)
  const ends = rational(all - daysOf(whole), all)
  const middle = whole.length > 0 ? divide(subtract(ONE, ends), rational(BigInt(whole.length))) : ZERO
  return months.map((month) => spanOf(month, month.isWhole ? middle : rational(month.days, all)))
}

const spanOf = ({ start, end }: Month, part: Rational): Span => ({ start, end, part })
const daysOf = (months: readonly Month[]): bigint => months.reduce((total, { days }) => total + days, 0n)
const isMonthEnd = (end: LocalDate): boolean => end.endsWith('-01')

/** The service cut at the first of each month. */
function monthsOf(start: LocalDate, end: LocalDate): Month[] {
  const months: Month[] = []
  for (let from = start; from < end; ) {
    const next = addMonths(firstOfMonth(from), 1)
    const to = next < end ? next : end
    months.push({
      start: from,
      end: to,
      days: BigInt(daysBetween(from, to)),
      isWhole: isMonthEnd(from) && to === next,
    })
    from = to
  }
  return months
}

/** What all spans before each have earned. */
function runningTotals(spans: readonly Span[]): Rational[] {
  let total = ZERO
  return spans.map(({ part }) => {
    const before = total
    total = reduce(add(total, part))
    return before
  })
}

function elapsed({ start, end }: Span, date: LocalDate): Rational {
  if (date >= addDays(end, -1)) return ONE
  return rational(BigInt(daysBetween(start, date) + 1), BigInt(daysBetween(start, end)))
}
