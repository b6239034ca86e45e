import type { LocalDate } from '../../kernel/calendar.ts'
import type { ContractProduct, ContractTerms } from '../contract.ts'
import { billingSpan } from './billing-span.ts'
import { type CycleTerms, cycleOn, type DatePeriod, fullCyclePeriod } from './schedule.ts'
import { paidFrom } from './trial.ts'

/** What of a product says where its periods lie. */
export type Cycled = Pick<ContractProduct, 'billing_cycle' | 'anchor_date'>

/**
 * The terms by which the periods of a product lie. A product without a cycle of its own is billed by the contract's; one
 * that has its own is laid out by the same rules, from its own anchor or that of the contract. Periods are counted from
 * the contract's start, so a product that comes later shares the dates of those that were there.
 *
 * @example a yearly fee from 10 June in a contract by months from 1 January: first up to the next 1 January, then years
 */
export const cycleTermsOf = <T extends CycleTerms>(terms: T, { billing_cycle, anchor_date }: Cycled): T =>
  billing_cycle ? { ...terms, billing_cycle, anchor_date: anchor_date ?? terms.anchor_date } : terms

/** The numbers of a product's periods that have a day in common with the contract's n-th cycle, as anchors lay both. */
export function periodsWithin(terms: CycleTerms, product: Cycled, n: number): number[] {
  if (!product.billing_cycle) return [n]
  const own = cycleTermsOf(terms, product)
  const cycle = fullCyclePeriod(terms, n)
  const numbers: number[] = []
  for (let m = cycleOn(own, cycle.start); fullCyclePeriod(own, m).start < cycle.end; m++) numbers.push(m)
  return numbers
}

/** The period of a product that holds a date, as its anchor lays it. */
export function periodOn(terms: CycleTerms, product: Cycled, date: LocalDate): DatePeriod {
  const own = cycleTermsOf(terms, product)
  return fullCyclePeriod(own, cycleOn(own, date))
}

/** The first day within a period on which any of these prices of a product is paid for; undefined if none is. */
export function firstPaidDay(
  terms: Pick<ContractTerms, 'start_date' | 'end_date'>,
  prices: readonly ContractProduct[],
  { start, end }: DatePeriod,
): LocalDate | undefined {
  const days = prices.flatMap((price) => {
    const paid = paidFrom(terms, price)
    const { end: until } = billingSpan(terms, price)
    const day = paid > start ? paid : start
    return day < end && (until === null || day < until) ? [day] : []
  })
  return days.sort()[0]
}

/** True where the periods of two prices lie alike. */
export function hasSameCycle(terms: CycleTerms, a: Cycled, b: Cycled): boolean {
  const [one, other] = [cycleTermsOf(terms, a), cycleTermsOf(terms, b)]
  const isAsLong =
    one.billing_cycle.unit === other.billing_cycle.unit &&
    one.billing_cycle.cycle === other.billing_cycle.cycle
  return isAsLong && one.anchor_date === other.anchor_date
}
