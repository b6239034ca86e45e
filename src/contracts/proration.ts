import { daysBetween, type LocalDate } from '../kernel/calendar.ts'
import { type Rational, rational, ZERO } from '../kernel/rational.ts'
import { type CycleTerms, cyclePeriod, type DatePeriod, fullCyclePeriod } from './schedule.ts'

/**
 * The part of the n-th cycle that a product is billed for: local days used over the days of the whole cycle, in
 * `[0, 1]` and exact. The divisor is the cycle as the anchor lays it, never a stub of it, and the day of a change
 * belongs to what comes after. One fraction, to be multiplied with the price and rounded once on the line.
 *
 * @example a monthly fee that starts on 15 March: 17 days of 31
 */
export function prorationFactor(
  terms: CycleTerms,
  n: number,
  billingStart: LocalDate | null,
  billingEnd: LocalDate | null,
): Rational {
  const used = servicePeriod(terms, n, billingStart, billingEnd)
  if (!used) return ZERO
  const full = fullCyclePeriod(terms, n)
  return rational(BigInt(daysBetween(used.start, used.end)), BigInt(daysBetween(full.start, full.end)))
}

/** The days of the n-th cycle on which a product is billed, or undefined if there are none. */
export function servicePeriod(
  terms: CycleTerms,
  n: number,
  billingStart: LocalDate | null,
  billingEnd: LocalDate | null,
): DatePeriod | undefined {
  const cycle = cyclePeriod(terms, n)
  const start = billingStart !== null && billingStart > cycle.start ? billingStart : cycle.start
  const end = billingEnd !== null && billingEnd < cycle.end ? billingEnd : cycle.end
  return start < end ? { start, end } : undefined
}
