import { daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import { add, divide, type Rational, rational, ZERO } from '../../kernel/rational.ts'
import {
  type CycleTerms,
  cycleOn,
  cyclePeriod,
  type DatePeriod,
  fullCyclePeriod,
  monthsOfCycle,
} from '../periods/schedule.ts'
import type { CommitmentWindow } from './commitment.ts'

type Window = Pick<CommitmentWindow, 'first' | 'last' | 'start' | 'end'>

/**
 * The part of a commitment's window that is over when a day begins, from 0 to 1. Whole cycles are alike, as they are to
 * a fee that is the same for each, and a part of a cycle counts by its days: so a fee of a twelfth each month keeps a
 * yearly commitment exactly, also in February.
 *
 * @example a year by months from 1 January, at 16 April: 3 15/30 of 12
 */
export function elapsedAt(terms: CycleTerms, window: Window, day: LocalDate): Rational {
  if (day <= window.start) return ZERO
  const until = day < window.end ? day : window.end
  return divide(cyclesUpTo(terms, window, until), cyclesUpTo(terms, window, window.end))
}

/** The cycles of a window before a day; those of days or weeks are counted in days. */
function cyclesUpTo(terms: CycleTerms, { first, last, start }: Window, day: LocalDate): Rational {
  if (monthsOfCycle(terms.billing_cycle) === undefined) return rational(BigInt(daysBetween(start, day)))
  const n = Math.min(cycleOn(terms, day), last)
  const running = partOf(terms, n, { start: cyclePeriod(terms, n).start, end: day })
  if (n <= first) return running
  const between = rational(BigInt(n - first - 1))
  return add(add(partOf(terms, first, cyclePeriod(terms, first)), between), running)
}

function partOf(terms: CycleTerms, n: number, { start, end }: DatePeriod): Rational {
  const whole = fullCyclePeriod(terms, n)
  return rational(BigInt(daysBetween(start, end)), BigInt(daysBetween(whole.start, whole.end)))
}
