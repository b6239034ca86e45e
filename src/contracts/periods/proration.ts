import { daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import { type Rational, rational, ZERO } from '../../kernel/rational.ts'
import type { ContractTerms } from '../contract.ts'
import { type CycleTerms, cyclePeriod, type DatePeriod, fullCyclePeriod } from './schedule.ts'
import { instantOf, type ZoneTerms } from './zone.ts'

/** What of the terms decides which part of a cycle is billed. */
export type ProrationTerms = CycleTerms & ZoneTerms & Pick<ContractTerms, 'proration'>

/**
 * The part of the n-th cycle that a product is billed for: what is used of it over the length of the whole cycle, in
 * `[0, 1]` and exact. The divisor is the cycle as the anchor lays it, never a stub of it, and the day of a change
 * belongs to what comes after. One fraction, to be multiplied with the price and rounded once on the line.
 *
 * Lengths are counted in local days; with `proration: 'second'` in the seconds between the local midnights, so that a
 * day of 23 or 25 hours weighs as much as it lasts.
 *
 * @example a monthly fee that starts on 15 March: 17 days of 31
 */
export function prorationFactor(
  terms: ProrationTerms,
  n: number,
  billingStart: LocalDate | null,
  billingEnd: LocalDate | null,
): Rational {
  const used = servicePeriod(terms, n, billingStart, billingEnd)
  return used ? partOf(terms, used, fullCyclePeriod(terms, n)) : ZERO
}

/** What part of a period a shorter one is, in the unit that the terms prorate by. */
export const partOf = (terms: ProrationTerms, part: DatePeriod, whole: DatePeriod): Rational =>
  ratio(lengthOf(terms, part), lengthOf(terms, whole))

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

/** In days or in milliseconds: only the ratio of two of them is used. */
const lengthOf = (terms: ProrationTerms, { start, end }: DatePeriod): number =>
  terms.proration === 'second' ? instantOf(terms, end) - instantOf(terms, start) : daysBetween(start, end)

/** A day that its zone left out lasts no second: nothing of it is used. */
const ratio = (used: number, whole: number): Rational =>
  whole === 0 ? ZERO : rational(BigInt(used), BigInt(whole))
