import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import {
  add,
  multiply,
  type Rational,
  type RoundingMode,
  roundToInteger,
  ZERO,
} from '../../kernel/rational.ts'

/** Units that were delivered and billed at the list price, and the price that they are expected to have in the end. */
export type RebatedDelivery = {
  date: LocalDate
  quantity: Rational
  /** Exact minor units for a unit, by the estimate of that date. */
  expectedUnitPrice: Rational
}

export type RebatedRevenue = { date: LocalDate; revenue: Minor; refundLiability: Minor }

/**
 * Revenue of units whose price falls for all of them, also those of before, once enough are bought: variable
 * consideration (ASC 606-10-32-5 and 32-10, IFRS 15.50 and 55). Up to each date revenue is all units so far at the price
 * then expected; what was billed beyond that is owed back as a refund liability and is no contract liability. Minor
 * units, rounded on the running totals.
 *
 * @example Example 24: 75 units at 100; then 500 more and 90 expected: 7,500, then 44,250; refund liability 5,750
 */
export function rebatedRevenue(
  deliveries: readonly RebatedDelivery[],
  listUnitPrice: Rational,
  rounding: RoundingMode = 'half_up',
): RebatedRevenue[] {
  let units = ZERO
  let recognised = 0n
  return deliveries.map(({ date, quantity, expectedUnitPrice }) => {
    units = add(units, quantity)
    const earned = roundToInteger(multiply(units, expectedUnitPrice), rounding)
    const revenue = earned - recognised
    recognised = earned
    const billed = roundToInteger(multiply(units, listUnitPrice), rounding)
    return { date, revenue, refundLiability: billed - earned }
  })
}
