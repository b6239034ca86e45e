import type { LocalDate } from '../../kernel/calendar.ts'
import type { Rational } from '../../kernel/rational.ts'

/** Something handed over, used or spent on a day. */
export type Delivery = { date: LocalDate; quantity: Rational }

/** How much there will be in all, as estimated from a day on; before the first such day the first one holds. */
export type ExpectedTotal = { from: LocalDate; quantity: Rational }

export type TimePattern = 'daily' | 'month_even' | 'month_even_prorated_ends'

/** How progress towards satisfying an obligation is measured (ASC 606-10-25-31 to 25-37, IFRS 15.39 to 45). */
export type Measure =
  /** Straight line over time; half-open dates. */
  | { by: TimePattern; start: LocalDate; end: LocalDate }
  /**
   * Units delivered, credits used, hours or costs spent, out of an expected total that may be revised. What is unused
   * at `expires` is breakage and becomes revenue then.
   */
  | { by: 'units'; deliveries: readonly Delivery[]; totals: readonly ExpectedTotal[]; expires?: LocalDate }
  /** Milestones by weight; one without a date is not reached yet. */
  | { by: 'milestones'; milestones: readonly { date?: LocalDate; weight: Rational }[] }
  /** When control passes; without a date it has not yet. */
  | { by: 'point_in_time'; date?: LocalDate }

/** The progress of an obligation as a function of the date. */
export type Progress = {
  /** From 0 to 1, up to the end of a day. */
  through: (date: LocalDate) => Rational
  /** The days that revenue is dated by, ascending: ends of months of service, and days on which something happened. */
  dates: readonly LocalDate[]
  /** How much is promised in all, in the measure's own unit; what remains of it is weighed by this. */
  extent: Rational
}
