import { billingSpan } from '../contracts/billing-span.ts'
import type { BillingCycle, ContractProduct, ContractTerms, CycleUnit } from '../contracts/contract.ts'
import { priceOn } from '../contracts/price-schedule.ts'
import { paidFrom } from '../contracts/trial.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { decimal, divide, multiply, ONE, type Rational, rational, sum } from '../kernel/rational.ts'
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
 * The recurring fees that hold on a day, for one month, in major units and exact. Fees of the cycle are divided by its
 * months, after discounts and limits; usage and one-time fees are no part of it.
 *
 * @example 1,200 a year and 90 a quarter: 100 + 30 = 130
 */
export const monthlyFees = ({ terms, recurring }: Subscription, day: LocalDate): Rational =>
  sum(
    recurring
      .filter((product) => holdsOn(terms, product, day))
      .map((product) => multiply(feeOf(priceOn(terms, product, day)), cyclesAMonth(terms.billing_cycle))),
  )

const cyclesAMonth = ({ unit, cycle }: BillingCycle): Rational =>
  divide(CYCLES_A_MONTH[unit], rational(BigInt(cycle)))

const feeOf = (agreed: ContractProduct): Rational => rate(agreed, ofQuantity(decimal(agreed.quantity))).amount

function holdsOn(terms: ContractTerms, product: ContractProduct, day: LocalDate): boolean {
  const { end } = billingSpan(terms, product)
  return paidFrom(terms, product) <= day && (end === null || day < end)
}
