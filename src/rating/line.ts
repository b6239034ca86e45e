import type { Price } from '../catalog/price.ts'
import { add, isZero, max, negate, ONE, type Rational, subtract, ZERO } from '../kernel/rational.ts'
import { billableUsage } from './billable.ts'
import type { ModifiedPrice } from './modifiers.ts'
import { rate } from './rate.ts'
import { amountRow, type LineDetailExact } from './rated.ts'
import { ofQuantity, type RatedUsage } from './rated-usage.ts'

/** Where a line stands among the lines of one period. */
export type LinePosition = 'single' | 'first' | 'middle' | 'last'

export type LineQuestion = {
  price: Price
  /** Of this line alone. */
  usage: RatedUsage
  /** What earlier lines of the period have billed; the amount, where it is not the price of the quantity. */
  already?: { quantity: Rational; amount?: Rational | undefined } | undefined
  position: LinePosition
  /** The part of the period that is billed. */
  factor?: Rational | undefined
}

export type RatedLine = {
  amount: Rational
  billableQuantity: Rational
  /** Rows that add up to the amount. */
  detail: LineDetailExact[]
  /** The price of the period so far, and what of it was billed before: the amount is their difference. */
  whole: ModifiedPrice
  billed: Rational
}

/**
 * The price of one line: that of the period so far less what was billed before, so any split adds up to the whole. A
 * minimum, a volume price and a fee in arrears are due on the last line; a fee in advance on the first. A single line
 * with something billed before is a correction of the whole period.
 *
 * @example packages of 10 at 5, 17 billed and 5 more: ⌈2.2⌉ − ⌈1.7⌉ is one more package
 */
export function rateLine(question: LineQuestion): RatedLine {
  const { price, already, position, factor } = question
  const after = usageSoFar(question)
  const isLast = position === 'single' || position === 'last'
  const whole = rate(price, pricedUsage(price, after), { factor, state: isLast ? 'closed' : 'open' })
  const billed = billedBefore(question)
  const before = billableOf(price, ofQuantity(already?.quantity ?? ZERO))
  return {
    amount: subtract(whole.amount, billed),
    billableQuantity: subtract(billableOf(price, after), before),
    detail: isZero(billed) ? whole.detail : [...whole.detail, amountRow('Already billed', negate(billed))],
    whole,
    billed,
  }
}

/** Peaks do not add up; all other quantities do. Parts are those of the whole period. */
function usageSoFar({ price, usage, already }: LineQuestion): RatedUsage {
  if (!already || usage.buckets || usage.groups || usage.events) return usage
  const join = price.model.type === 'capacity' ? max : add
  return ofQuantity(join(already.quantity, usage.quantity))
}

function billedBefore({ price, already, position, factor }: LineQuestion): Rational {
  const isFlat = price.model.type === 'flat'
  if (already?.amount && (!isFlat || position === 'single')) return already.amount
  const before = isFlat || !already ? ZERO : already.quantity
  const opensPeriod = position === 'single' || position === 'first'
  if (opensPeriod && isZero(before)) return ZERO
  const state = position === 'single' ? 'closed' : 'open'
  return rate(price, pricedUsage(price, ofQuantity(before)), { factor, state }).amount
}

/** A fee is due once, whatever was used. */
const pricedUsage = ({ model }: Price, usage: RatedUsage): RatedUsage =>
  model.type === 'flat' ? ofQuantity(ONE) : usage

function billableOf(price: Price, usage: RatedUsage): Rational {
  const { quantity } = billableUsage(price, usage)
  return price.modifiers?.negative_usage === 'mirror' ? quantity : max(quantity, ZERO)
}
