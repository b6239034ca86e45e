import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import { type Minor, toMinor } from '../../kernel/money.ts'
import { compare, isNegative, multiply, negate, type Rational, subtract } from '../../kernel/rational.ts'
import { type ProrationTerms, prorationFactor } from '../periods/proration.ts'
import { boundaryDate } from '../periods/schedule.ts'

/** What a change inside a cycle bills for the days that are left of it: two lines, in minor units. */
export type ChangeLines = {
  /** Zero or below. */
  credit: Minor
  /** Zero or above. */
  charge: Minor
}

/** The price of a whole cycle in major units, and what was paid for this one less what was already credited. */
export type PaidPrice = { price: Rational; paid: Minor }

export type MoneyRule = { currency: string; rounding: 'half_up' | 'half_even' }

export const CANCELLATION_MODES = ['period_end', 'now_with_credit', 'now_without_credit'] as const
export type CancellationMode = (typeof CANCELLATION_MODES)[number]

/** The part of the n-th cycle from `day` on: the day of a change belongs to what comes after. Zero on its end. */
export const partLeft = (terms: ProrationTerms, n: number, day: LocalDate): Rational =>
  prorationFactor(terms, n, day, null)

/** When a new price begins: a higher one on the day itself, a lower or equal one at the end of the n-th cycle. */
export const changeDay = (
  terms: ProrationTerms,
  n: number,
  day: LocalDate,
  before: Rational,
  after: Rational,
): LocalDate => (compare(after, before) > 0 ? day : boundaryDate(terms, n))

/**
 * Another price for the part `left` of a cycle that was paid in advance: the old one is credited and the new one is
 * charged, each rounded once. The credit never goes beyond what was paid.
 *
 * @example 10 to 20 with 17 of 31 days left: 10 × 17/31 = 5.4838…, 20 × 17/31 = 10.9677…, so −5.48 and +10.97
 */
export const changePrice = (
  before: PaidPrice,
  after: Rational,
  left: Rational,
  rule: MoneyRule,
): ChangeLines => ({
  credit: -unusedCredit(before, left, rule),
  charge: rounded(multiply(after, left), rule),
})

/**
 * Another number of seats for the part `left` of a cycle: added ones are charged alone, removed ones are credited only
 * where the plan allows it. `price` of `each` is that of one seat, `paid` that of all of them.
 *
 * @example 5 to 8 seats at 20 with 10 of 30 days left: 3 × 20 × 10/30 = 20.00
 */
export function changeQuantity(
  each: PaidPrice,
  { before, after }: { before: Rational; after: Rational },
  left: Rational,
  creditsRemovals: boolean,
  rule: MoneyRule,
): ChangeLines {
  const added = subtract(after, before)
  if (!isNegative(added)) {
    return { credit: 0n, charge: rounded(multiply(multiply(each.price, added), left), rule) }
  }
  if (!creditsRemovals) return { credit: 0n, charge: 0n }
  const removed = { price: multiply(each.price, negate(added)), paid: each.paid }
  return { credit: -unusedCredit(removed, left, rule), charge: 0n }
}

/**
 * The first day that a cancellation on `day` no longer bills: the end of the n-th cycle, or that day; the one after it
 * where the day of termination counts as used.
 */
export function cancellationEnd(
  terms: ProrationTerms,
  n: number,
  day: LocalDate,
  mode: CancellationMode,
  dayIsUsed: boolean,
): LocalDate {
  if (mode === 'period_end') return boundaryDate(terms, n)
  return dayIsUsed ? addDays(day, 1) : day
}

/** What is given back for the part `left` of a paid cycle, in minor units: rounded once, and at most what was paid. */
export function unusedCredit({ price, paid }: PaidPrice, left: Rational, rule: MoneyRule): Minor {
  const unused = rounded(multiply(price, left), rule)
  const most = paid > 0n ? paid : 0n
  return unused < most ? unused : most
}

const rounded = (amount: Rational, { currency, rounding }: MoneyRule): Minor =>
  toMinor(amount, currency, rounding)
