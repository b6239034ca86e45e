import type { LocalDate } from '../../kernel/calendar.ts'
import { type Minor, toMinor } from '../../kernel/money.ts'
import { multiply, type Rational } from '../../kernel/rational.ts'
import { type ProrationTerms, prorationFactor } from '../periods/proration.ts'
import { boundaryDate, cyclePeriod, type DatePeriod } from '../periods/schedule.ts'
import {
  type CancellationMode,
  type ChangeLines,
  cancellationEnd,
  changeDay,
  changePrice,
  changeQuantity,
  type MoneyRule,
  partLeft,
  unusedCredit,
} from './plan-change.ts'

/** A change of a fee that is paid in advance; prices are those of a whole cycle, in major units. */
export type PlannedChange =
  | { type: 'price'; before: Rational; after: Rational; apply: 'now' | 'period_end' | 'by_direction' }
  | { type: 'quantity'; unitAmount: Rational; before: Rational; after: Rational; creditsRemovals: boolean }
  | { type: 'cancellation'; price: Rational; mode: CancellationMode; dayIsUsed: boolean }

export type ChangePreview = ChangeLines & {
  /** The first day that the change holds for. */
  effective: LocalDate
  period: DatePeriod
  left: Rational
}

/**
 * What a change asked for on `day`, in the n-th cycle, bills for the rest of it. `paid` is what was charged for the cycle
 * less what was credited, in minor units; by default the fee in advance for the whole of it.
 */
export function previewChange(
  terms: ProrationTerms,
  n: number,
  day: LocalDate,
  change: PlannedChange,
  rule: MoneyRule,
  paid = paidInAdvance(terms, n, change, rule),
): ChangePreview {
  const effective = effectiveDay(terms, n, day, change)
  const left = partLeft(terms, n, effective)
  return { effective, period: cyclePeriod(terms, n), left, ...changeLines(change, paid, left, rule) }
}

function effectiveDay(terms: ProrationTerms, n: number, day: LocalDate, change: PlannedChange): LocalDate {
  switch (change.type) {
    case 'quantity':
      return day
    case 'cancellation':
      return cancellationEnd(terms, n, day, change.mode, change.dayIsUsed)
    case 'price':
      if (change.apply === 'by_direction') return changeDay(terms, n, day, change.before, change.after)
      return change.apply === 'now' ? day : boundaryDate(terms, n)
  }
}

function changeLines(change: PlannedChange, paid: Minor, left: Rational, rule: MoneyRule): ChangeLines {
  switch (change.type) {
    case 'price':
      return changePrice({ price: change.before, paid }, change.after, left, rule)
    case 'quantity':
      return changeQuantity({ price: change.unitAmount, paid }, change, left, change.creditsRemovals, rule)
    case 'cancellation': {
      const credits = change.mode === 'now_with_credit'
      return { credit: credits ? -unusedCredit({ price: change.price, paid }, left, rule) : 0n, charge: 0n }
    }
  }
}

const paidInAdvance = (terms: ProrationTerms, n: number, change: PlannedChange, rule: MoneyRule): Minor =>
  toMinor(multiply(priceBefore(change), prorationFactor(terms, n, null, null)), rule.currency, rule.rounding)

function priceBefore(change: PlannedChange): Rational {
  switch (change.type) {
    case 'price':
      return change.before
    case 'quantity':
      return multiply(change.unitAmount, change.before)
    case 'cancellation':
      return change.price
  }
}
