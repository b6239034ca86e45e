import type { ContractProduct, ContractTerms } from '../../contracts/contract.ts'
import { formatMoney, type Minor, toMinor } from '../../kernel/money.ts'
import { add, decimal, formatDecimal, negate, type Rational, sum, ZERO } from '../../kernel/rational.ts'
import { rate } from '../../rating/rate.ts'
import { ofQuantity } from '../../rating/rated-usage.ts'
import type { LineDetail } from '../invoice.ts'
import { lineDetail, type PriceBasis } from './charge.ts'
import type { UsageTotal } from './usage-total.ts'

/** What a quantity of the cycle costs, above what was used in the cycles before. */
export type CyclePrice = { priceOf: (used: Rational) => Minor; detailOf: (used: Rational) => LineDetail[] }

export const accumulates = ({ products }: Pick<ContractTerms, 'products'>): boolean =>
  products.some((product) => product.accumulate !== undefined)

/**
 * A price whose tiers go on through the contract: price(all used so far) − price(all used before the cycle), both
 * rounded before the subtraction, so that the cycles add up to the price of all usage. A flat amount is due once, in the
 * cycle that enters its tier; that of the first tier in the first cycle.
 *
 * @example up to 1,000 at 0.10, beyond at 0.05: 800 units, then 500: 80.00, then 105.00 − 80.00 = 25.00
 */
export function accumulatedPrice(
  { terms, rounding, earlier = [] }: PriceBasis,
  agreed: ContractProduct,
  cycleNo: number,
): CyclePrice {
  const past = earlier.filter((one) => one.productRef === agreed.product_ref && one.cycleNo < cycleNo)
  const before = sum(past.map(({ quantity }) => decimal(quantity)))
  const wholeOf = (quantity: Rational) => rate(agreed, ofQuantity(quantity))
  const minor = (amount: Rational) => toMinor(amount, terms.currency, rounding)
  const billed = past.length === 0 ? minor(ZERO) : minor(wholeOf(before).amount)
  return {
    priceOf: (used) => minor(wholeOf(add(before, used)).amount) - billed,
    detailOf: (used) => {
      const whole = wholeOf(add(before, used))
      const rows = lineDetail(whole.detail, minor(whole.amount), terms.currency)
      return past.length === 0 ? rows : [...rows, rowOfPast(before, billed, terms.currency)]
    },
  }
}

const rowOfPast = (before: Rational, billed: Minor, currency: string): LineDetail => ({
  description: 'Used in earlier periods',
  quantity: formatDecimal(negate(before)),
  unit_amount: '',
  amount: formatMoney(-billed, currency),
})

/**
 * The corrections, and with them the later cycles whose place in the tiers they move: where tiers accumulate, more usage
 * in March makes that of April cost less.
 */
export function withMovedCycles(
  { products }: Pick<ContractTerms, 'products'>,
  corrections: readonly UsageTotal[],
  earlier: readonly UsageTotal[],
): UsageTotal[] {
  const refs = new Set(products.flatMap((one) => (one.accumulate ? [one.product_ref] : [])))
  const isCorrected = ({ cycleNo, productRef }: UsageTotal) =>
    corrections.some((one) => one.productRef === productRef && one.cycleNo === cycleNo)
  const isMoved = ({ cycleNo, productRef }: UsageTotal) =>
    refs.has(productRef) && corrections.some((one) => one.productRef === productRef && one.cycleNo < cycleNo)
  const moved = earlier.filter((total) => isMoved(total) && !isCorrected(total))
  return [...corrections, ...moved].sort((a, b) => a.cycleNo - b.cycleNo)
}
