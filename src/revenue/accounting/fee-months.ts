import type { ContractTerms } from '../../contracts/contract.ts'
import { prorationFactor } from '../../contracts/periods/proration.ts'
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
  const { kind, serviceCycleNo, serviceStart, serviceEnd } = charge
  const months = monthsOfCycle(terms.billing_cycle)
  if (kind !== 'recurring' || months === undefined) return monthsBetween(serviceStart, serviceEnd)
  const part = prorationFactor(terms, serviceCycleNo, serviceStart, serviceEnd)
  return multiply(rational(BigInt(months)), part)
}

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
