import type { PriceModifiers } from '../catalog/price.ts'
import {
  add,
  decimal,
  isZero,
  max,
  min,
  multiply,
  negate,
  type Rational,
  subtract,
  ZERO,
} from '../kernel/rational.ts'
import { percent } from './percent.ts'
import { amountRow, type LineDetailExact, type Rated } from './rated.ts'

/** A price with what was done to it: amount = gross − discount + minimum top-up, exact. */
export type ModifiedPrice = Rated & { gross: Rational; discount: Rational; minimumTopUp: Rational }

export type LimitParts = {
  /** What part of a discounted amount is due in this period. */
  discount: Rational
  /** What part of maximum and minimum holds in this period. */
  limits: Rational
  /** False while more of the period may come: then the minimum is not judged yet. */
  isFinal: boolean
}

/**
 * Takes discounts off the price of the model, first the amount and then the percentage, and keeps it at most at the
 * maximum and, when the period is over, at least at the minimum.
 *
 * @example 20 units at 10, 50 % off, at most 90: 200 − 100 = 100, cut to 90
 */
export function modifyAmount(rated: Rated, modifiers: PriceModifiers, parts: LimitParts): ModifiedPrice {
  const limit = (text: string) => multiply(decimal(text), parts.limits)
  const rows: LineDetailExact[] = []
  let amount = rated.amount
  const change = (description: string, by: Rational): void => {
    if (isZero(by)) return
    rows.push(amountRow(description, by))
    amount = add(amount, by)
  }
  const {
    amount_discount: fixed,
    percent_discount: rate,
    maximum_amount: most,
    minimum_amount: least,
  } = modifiers
  if (fixed !== undefined) {
    const off = min(multiply(decimal(fixed), parts.discount), max(amount, ZERO))
    change('Discount', negate(off))
  }
  if (rate !== undefined) change(`Discount of ${rate} %`, negate(multiply(amount, percent(rate))))
  if (most !== undefined) change(`At most ${most}`, min(subtract(limit(most), amount), ZERO))
  const discounted = amount
  if (least !== undefined && parts.isFinal) {
    change(`At least ${least}`, max(subtract(limit(least), amount), ZERO))
  }
  return {
    amount,
    detail: [...rated.detail, ...rows],
    gross: rated.amount,
    discount: subtract(rated.amount, discounted),
    minimumTopUp: subtract(amount, discounted),
  }
}
