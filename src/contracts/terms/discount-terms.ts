import type { LocalDate } from '../../kernel/calendar.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import { parseMoney } from '../../kernel/money.ts'
import type { Fault } from '../../kernel/problem.ts'
import type { AgreedDiscount, ContractTerms, Invoicing } from '../contract.ts'
import { boundaryDate, boundaryFrom, type CycleTerms } from '../periods/schedule.ts'
import { type TermsRule, termsRule } from './rule.ts'

/** True where the discount holds for what begins on `day`, in the cycle of that number. */
export function holdsFor(
  terms: CycleTerms,
  { from, until, cycles }: AgreedDiscount,
  { day, cycleNo }: { day: LocalDate; cycleNo: number },
): boolean {
  if ((from !== null && day < from) || (until !== null && day >= until)) return false
  return cycles === null || cycleNo < cycleOf(terms, from ?? terms.start_date) + cycles
}

/** True where it holds for what is served on a day. */
export const holdsOnDay = (terms: CycleTerms, discount: AgreedDiscount, day: LocalDate): boolean =>
  holdsFor(terms, discount, { day, cycleNo: cycleOf(terms, day) })

/** The number of the cycle that a date lies in. */
function cycleOf(terms: CycleTerms, date: LocalDate): number {
  const boundary = boundaryFrom(terms, date)
  return boundaryDate(terms, boundary) <= date ? boundary + 1 : boundary
}

/**
 * The discounts from `effective` on. One that goes on is sent as it is; one that is left out ends, and stays in the terms
 * for what was served before.
 */
export function amendDiscounts(
  { discounts: before = [], start_date: start }: Pick<ContractTerms, 'discounts' | 'start_date'>,
  wanted: readonly AgreedDiscount[],
  effective: LocalDate,
): AgreedDiscount[] {
  const isPast = ({ until }: AgreedDiscount) => until !== null && until <= effective
  const past = before.filter(isPast)
  const live = before.filter((discount) => !isPast(discount))
  const isKept = (discount: AgreedDiscount) => wanted.some((one) => continues(one, discount))
  const ended = live
    .filter((discount) => !isKept(discount) && (discount.from ?? start) < effective)
    .map((discount) => ({ ...discount, until: effective }))
  const added = wanted
    .filter((one) => !before.some((discount) => continues(one, discount)))
    .map((one) => ({ ...one, from: one.from !== null && one.from > effective ? one.from : effective }))
  return [...past, ...ended, ...live.filter(isKept), ...added]
}

/** The same discount, sent with or without the day that it holds from. */
const continues = (wanted: AgreedDiscount, there: AgreedDiscount): boolean =>
  canonicalJson(wanted) === canonicalJson(there) ||
  (wanted.from === null && canonicalJson(wanted) === canonicalJson({ ...there, from: null }))

/** What of discounts does not fit the rest of the terms. */
export const DISCOUNT_RULES: readonly TermsRule[] = [
  termsRule(['discounts'], ({ discounts }) => ofEach(discounts, faultsOfDays)),
  termsRule(['discounts', 'product_refs'], ({ discounts, product_refs: sold }) =>
    ofEach(discounts, (discount) => faultsOfProducts(discount, sold)),
  ),
  termsRule(['discounts', 'currency'], ({ discounts, currency }) =>
    ofEach(discounts, (discount) => faultsOfAmount(discount, currency)),
  ),
  termsRule(['discounts', 'invoicing'], ({ discounts, invoicing }) =>
    ofEach(discounts, (discount) => faultsOfInvoices(discount, invoicing)),
  ),
]

const ofEach = (
  discounts: readonly AgreedDiscount[] = [],
  faultsOf: (discount: AgreedDiscount) => Fault[],
): Fault[] =>
  discounts.flatMap((discount, place) =>
    faultsOf(discount).map(({ path, message }) => ({ path: `discounts.${place}.${path}`, message })),
  )

const faultsOfDays = ({ from, until }: AgreedDiscount): Fault[] =>
  from !== null && until !== null && until <= from
    ? [{ path: 'until', message: 'must be after from: it is the first day without the discount' }]
    : []

function faultsOfProducts({ products }: AgreedDiscount, sold: readonly string[]): Fault[] {
  const unknown = products?.find((ref) => !sold.includes(ref))
  return unknown === undefined
    ? []
    : [{ path: 'products', message: `"${unknown}" is no product of the contract` }]
}

const faultsOfAmount = ({ type, value }: AgreedDiscount, currency: string): Fault[] =>
  type === 'fixed' && parseMoney(value, currency) === undefined
    ? [{ path: 'value', message: `must have no more decimals than ${currency} has` }]
    : []

/** A fixed amount would come off every one of the invoices that a cycle makes. */
function faultsOfInvoices({ type, products }: AgreedDiscount, invoicing: Invoicing): Fault[] {
  if (type !== 'fixed' || invoicing !== 'per_product' || products?.length === 1) return []
  const message = 'must name the one product whose invoice it is off, as each product has its own'
  return [{ path: 'products', message }]
}
