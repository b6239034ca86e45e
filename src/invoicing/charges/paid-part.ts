import { type ProrationTerms, partOf } from '../../contracts/periods/proration.ts'
import type { DatePeriod } from '../../contracts/periods/schedule.ts'
import type { AgreedTax } from '../../contracts/terms/tax-terms.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import {
  add,
  decimal,
  multiply,
  type Rational,
  rational,
  roundToInteger,
  subtract,
  sum,
  ZERO,
} from '../../kernel/rational.ts'
import type { LineReversal } from '../corrections/line-reversal.ts'
import type { InvoiceLine } from '../invoice.ts'

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
  /** What credit notes and write-offs took back of it. */
  taken?: readonly TakenBack[] | undefined
}

/** A part of a line that was taken back, for some of its days: before discounts and taxes, as the line is priced. */
export type TakenBack = { amount: Rational; days: DatePeriod }

/**
 * Reversals are net of discounts and taxes, and fees are compared as they are priced.
 *
 * @example 80.00 taken back of 100.00 less 20 % are all of the 100.00
 */
export const takenBack = (
  { amount: priced, netAmount: net }: Pick<InvoiceLine, 'amount' | 'netAmount'>,
  {
    amount,
    serviceStart: start,
    serviceEnd: end,
  }: Pick<LineReversal, 'amount' | 'serviceStart' | 'serviceEnd'>,
): TakenBack => ({ amount: net === 0n ? ZERO : rational(amount * priced, net), days: { start, end } })

/** What a line billed for a part of a period: its seats, and their amount in minor units, unrounded. */
export type PaidLine = { quantity: Rational; amount: Rational; line: BilledFee }

/** What was billed at one price for a part of a period, by its first line, and by all in the order of their issue. */
export type PaidPart = PaidLine & { lines: PaidLine[] }

/** What issued lines have billed for some days that each of them covers, less what was taken back for them, by price. */
export function paidParts(
  terms: ProrationTerms,
  lines: readonly BilledFee[],
  days: DatePeriod,
): Map<string, PaidPart> {
  const paid = new Map<string, PaidPart>()
  for (const line of lines) {
    const key = line.priceKey ?? ''
    const before = paid.get(key) ?? { quantity: ZERO, amount: ZERO, line, lines: [] }
    const share = multiply(rational(line.amount), partOf(terms, days, servicePeriodOf(line)))
    const own = {
      quantity: decimal(line.quantity),
      amount: subtract(share, takenFor(terms, line, days)),
      line,
    }
    paid.set(key, {
      quantity: add(before.quantity, own.quantity),
      amount: add(before.amount, own.amount),
      line: before.line,
      lines: [...before.lines, own],
    })
  }
  return paid
}

/** What was taken back of a line for some days: the share of theirs in the days that each part was taken back for. */
const takenFor = (terms: ProrationTerms, { taken = [] }: BilledFee, days: DatePeriod): Rational =>
  sum(
    taken.map((part) => {
      const common = overlap(days, part.days)
      return common ? multiply(part.amount, partOf(terms, common, part.days)) : ZERO
    }),
  )

function overlap(one: DatePeriod, other: DatePeriod): DatePeriod | undefined {
  const start = one.start > other.start ? one.start : other.start
  const end = one.end < other.end ? one.end : other.end
  return start < end ? { start, end } : undefined
}

/** The days between any two dates on which one of the periods begins or ends. */
export function partsOf(periods: readonly DatePeriod[]): DatePeriod[] {
  const dates = [...new Set(periods.flatMap(({ start, end }) => [start, end]))].sort()
  return dates.slice(1).map((end, place) => ({ start: dates[place]!, end }))
}

/** What was billed by a line and not taken back since. */
export const leftOf = ({ amount, taken = [] }: BilledFee): Minor =>
  amount - roundToInteger(sum(taken.map((part) => part.amount)))

export const servicePeriodOf = ({
  serviceStart: start,
  serviceEnd: end,
}: Pick<InvoiceLine, 'serviceStart' | 'serviceEnd'>): DatePeriod => ({ start, end })

export const holds = ({ start, end }: DatePeriod, day: LocalDate): boolean => start <= day && day < end

export const covers = (whole: DatePeriod, part: DatePeriod): boolean =>
  whole.start <= part.start && part.end <= whole.end
