import type { ContractTerms } from '../../contracts/contract.ts'
import { type BillingSpan, billingSpan } from '../../contracts/periods/billing-span.ts'
import { type Cycled, periodOn } from '../../contracts/periods/own-cycle.ts'
import { partOf } from '../../contracts/periods/proration.ts'
import { monthsOfCycle } from '../../contracts/periods/schedule.ts'
import type { Charge } from '../../invoicing/charges/charge.ts'
import { addMonths, daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import { add, multiply, type Rational, rational } from '../../kernel/rational.ts'

/**
 * The months of service that a fee is for. A part of a cycle counts as the fee counts it, so that what is charged at the
 * list price for some days also sells for that.
 *
 * @example 92 of the 365 days of a cycle of a year: 12 × 92/365 months, although they are October to December
 */
export function monthsOfFee(terms: ContractTerms, charge: Charge): Rational {
  const { kind, serviceStart, serviceEnd } = charge
  const product = soldOn(terms, charge)
  const months = monthsOfCycle(product.billing_cycle ?? terms.billing_cycle)
  if (kind !== 'recurring' || months === undefined) return monthsBetween(serviceStart, serviceEnd)
  const days = { start: serviceStart, end: serviceEnd }
  return multiply(rational(BigInt(months)), partOf(terms, days, periodOn(terms, product, serviceStart)))
}

/** The product of a fee, with the cycle that it had on the first day. */
const soldOn = (terms: ContractTerms, { productRef, serviceStart }: Charge): Cycled =>
  terms.products.find(
    (product) => product.product_ref === productRef && holdsOn(billingSpan(terms, product), serviceStart),
  ) ?? {}

const holdsOn = ({ start, end }: BillingSpan, day: LocalDate): boolean =>
  start <= day && (end === null || day < end)

/**
 * Whole months from the first day, and the days left over as a part of the month that they begin.
 *
 * @example from 15 January to 1 March: 1 month, and 14 of the 28 days from 15 February
 */
function monthsBetween(start: LocalDate, end: LocalDate): Rational {
  let whole = monthNumber(end) - monthNumber(start)
  while (addMonths(start, whole) > end) whole--
  const from = addMonths(start, whole)
  const days = BigInt(daysBetween(from, end))
  return add(rational(BigInt(whole)), rational(days, BigInt(daysBetween(from, addMonths(start, whole + 1)))))
}

const monthNumber = (date: LocalDate): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7))
