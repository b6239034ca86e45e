import { type ProrationTerms, partOf } from '../contracts/proration.ts'
import type { DatePeriod } from '../contracts/schedule.ts'
import type { AgreedTax } from '../contracts/tax-terms.ts'
import type { Minor } from '../kernel/money.ts'
import { add, decimal, multiply, type Rational, rational, ZERO } from '../kernel/rational.ts'
import type { InvoiceLine } from './invoice.ts'

/** An issued line of a fee that is billed in advance, or of a change of one. */
export type BilledFee = Pick<
  InvoiceLine,
  | 'productRef'
  | 'description'
  | 'serviceStart'
  | 'serviceEnd'
  | 'serviceCycleNo'
  | 'quantity'
  | 'unitAmount'
  | 'priceKey'
  | 'amount'
> & {
  taxes?: AgreedTax[] | undefined
  /** What credit notes took back of it, in minor units. */
  credited?: Minor | undefined
}

/** What was billed at one price for a part of a cycle: its seats, and their amount in minor units, unrounded. */
export type PaidPart = { quantity: Rational; amount: Rational; line: BilledFee }

/** What issued lines have billed for some days that each of them covers, by price. */
export function paidParts(
  terms: ProrationTerms,
  lines: readonly BilledFee[],
  days: DatePeriod,
): Map<string, PaidPart> {
  const paid = new Map<string, PaidPart>()
  for (const line of lines) {
    const key = line.priceKey ?? ''
    const before = paid.get(key) ?? { quantity: ZERO, amount: ZERO, line }
    const share = multiply(rational(line.amount), partOf(terms, days, servicePeriodOf(line)))
    const quantity = add(before.quantity, decimal(line.quantity))
    paid.set(key, { quantity, amount: add(before.amount, share), line: before.line })
  }
  return paid
}

/** The days between any two dates on which one of the periods begins or ends. */
export function partsOf(periods: readonly DatePeriod[]): DatePeriod[] {
  const dates = [...new Set(periods.flatMap(({ start, end }) => [start, end]))].sort()
  return dates.slice(1).map((end, place) => ({ start: dates[place]!, end }))
}

/** What was billed by a line and not credited since. */
export const leftOf = ({ amount, credited = 0n }: BilledFee): Minor => amount - credited

export const servicePeriodOf = ({ serviceStart: start, serviceEnd: end }: BilledFee): DatePeriod => ({
  start,
  end,
})

export const covers = (whole: DatePeriod, part: DatePeriod): boolean =>
  whole.start <= part.start && part.end <= whole.end
