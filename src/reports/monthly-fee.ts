import type {
  AgreedDiscount,
  BillingCycle,
  ContractProduct,
  ContractTerms,
  CycleUnit,
} from '../contracts/contract.ts'
import { billingSpan } from '../contracts/periods/billing-span.ts'
import { paidFrom } from '../contracts/periods/trial.ts'
import { holdsOnDay } from '../contracts/terms/discount-terms.ts'
import { priceOn } from '../contracts/terms/price-schedule.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { decimal, divide, multiply, ONE, type Rational, rational, subtract, sum } from '../kernel/rational.ts'
import { rate } from '../rating/rate.ts'
import { ofQuantity } from '../rating/rated-usage.ts'

/** A contract's terms, and those of its products that are fees for each cycle. */
export type Subscription = {
  customerRef: string
  currency: string
  terms: ContractTerms
  recurring: readonly ContractProduct[]
}

/** Cycles in a month; a month of days or weeks is a twelfth of 365 days. */
const CYCLES_A_MONTH: Record<CycleUnit, Rational> = {
  DAILY: rational(365n, 12n),
  WEEKLY: rational(365n, 84n),
  MONTHLY: ONE,
  QUARTERLY: rational(1n, 3n),
  HALF_YEARLY: rational(1n, 6n),
  YEARLY: rational(1n, 12n),
}

/**
 * The recurring fees that hold on a day, for one month, in major units and exact. Fees of a cycle, the contract's or the
 * product's own, are divided by its months, after limits and percents off that hold on the day; usage and one-time fees
 * are no part of it.
 *
 * @example 1,200 a year and 90 a quarter: 100 + 30 = 130
 */
export const monthlyFees = ({ terms, recurring }: Subscription, day: LocalDate): Rational =>
  sum(
    recurring
      .filter((product) => holdsOn(terms, product, day))
      .map((product) =>
        multiply(
          discountedFee(terms, product, day),
          cyclesAMonth(product.billing_cycle ?? terms.billing_cycle),
        ),
      ),
  )

const HUNDRED = rational(100n)

const cyclesAMonth = ({ unit, cycle }: BillingCycle): Rational =>
  divide(CYCLES_A_MONTH[unit], rational(BigInt(cycle)))

/** Percents off the product or the invoice compound, as on an invoice; a fixed amount is off an invoice and not off a fee. */
function discountedFee(terms: ContractTerms, product: ContractProduct, day: LocalDate): Rational {
  const isOff = ({ type, products }: AgreedDiscount) =>
    type === 'percent' && (products === null || products.includes(product.product_ref))
  return (terms.discounts ?? [])
    .filter((discount) => isOff(discount) && holdsOnDay(terms, discount, day))
    .reduce((fee, { value }) => multiply(fee, partLeft(value)), feeOf(priceOn(terms, product, day)))
}

const partLeft = (percent: string): Rational => subtract(ONE, divide(decimal(percent), HUNDRED))

const feeOf = (agreed: ContractProduct): Rational => rate(agreed, ofQuantity(decimal(agreed.quantity))).amount

function holdsOn(terms: ContractTerms, product: ContractProduct, day: LocalDate): boolean {
  const { end } = billingSpan(terms, product)
  return paidFrom(terms, product) <= day && (end === null || day < end)
}
