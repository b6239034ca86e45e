import type { PriceModel } from '../catalog/price.ts'
import { add, max, negate, ONE, type Rational, subtract, sum, ZERO } from '../kernel/rational.ts'
import { ratePrice } from './rate.ts'
import { type LineDetailExact, NOTHING, type Rated } from './rated.ts'

/** Where a line stands among the lines of one period. */
export type LinePosition = 'single' | 'first' | 'middle' | 'last'

export type RateQuestion = {
  model: PriceModel
  /** Of this line alone. */
  quantity: Rational
  /** What earlier lines of the period have billed; the amount, where it is not the price of the quantity. */
  already?: { quantity: Rational; amount?: Rational | undefined } | undefined
  position: LinePosition
}

export type RateAnswer = Rated & { billableQuantity: Rational }

/**
 * The price of one line. Usage is priced as the whole less what was billed before. A flat price does not depend on
 * usage: it stands on the first line of a period when billed in advance, on the last when billed in arrears.
 */
export function previewRate({ model, quantity, already, position }: RateQuestion): RateAnswer {
  const before = max(already?.quantity ?? ZERO, ZERO)
  const after = max(add(before, quantity), ZERO)
  const whole = model.type === 'flat' ? rateFlatLine(model, position) : ratePrice(model, after)
  if (!already) return { ...whole, billableQuantity: after }
  const billed = already.amount ?? (model.type === 'flat' ? ZERO : ratePrice(model, before).amount)
  const detail = [...whole.detail, alreadyBilled(billed)]
  return {
    amount: sum(detail.map((row) => row.amount)),
    detail,
    billableQuantity: subtract(after, before),
  }
}

function rateFlatLine(model: Extract<PriceModel, { type: 'flat' }>, position: LinePosition): Rated {
  const bearer = model.term === 'in_advance' ? 'first' : 'last'
  return position === 'single' || position === bearer ? ratePrice(model, ONE) : NOTHING
}

const alreadyBilled = (amount: Rational): LineDetailExact => ({
  description: 'Already billed',
  quantity: ONE,
  unitAmount: negate(amount),
  amount: negate(amount),
})
