import type { Price } from '../../catalog/price.ts'
import { raisedPrice, scaledPrice } from '../../catalog/price-scale.ts'
import { addDays, addMonths, isLocalDate, type LocalDate } from '../../kernel/calendar.ts'
import {
  add,
  decimal,
  divide,
  multiply,
  ONE,
  type Rational,
  rational,
  roundToPlaces,
} from '../../kernel/rational.ts'
import type { ContractProduct, ContractTerms, Escalator, RampStep } from '../contract.ts'
import { billingSpan } from '../periods/billing-span.ts'
import { type Cycled, cycleTermsOf } from '../periods/own-cycle.ts'
import { boundaryDate, boundaryFrom, type CycleTerms, type DatePeriod } from '../periods/schedule.ts'

/** What a step of a schedule changes. */
type Agreed = Price & Pick<ContractProduct, 'quantity'>
type Step = { from: LocalDate; agreed: Agreed }
type ScheduleTerms = Pick<ContractTerms, 'start_date' | 'end_date' | 'anchor_date' | 'billing_cycle'>

/** Beyond it the digits of a factor cannot change any amount that is billed. */
const FACTOR_PLACES = 30
const HUNDRED = rational(100n)

/**
 * The prices of a product that hold one after the other in a period: each a plain price, billed from the day of its step
 * to that of the next. A fee is split at the change, as an amendment splits it.
 *
 * @example 100 a month, 120 from 16 April: in April 100 to the 15th and 120 from the 16th, in May 120
 */
export function pricesOver(
  terms: ScheduleTerms,
  product: ContractProduct,
  { start, end }: DatePeriod,
): ContractProduct[] {
  if (!product.ramp && !product.escalator) return [product]
  const steps = stepsBefore(terms, product, end)
  return steps.flatMap((step, place) => {
    const until = steps[place + 1]?.from ?? null
    if (until !== null && until <= start) return []
    return [{ ...plain(product, step.agreed), ...datesOf(product, place === 0 ? null : step.from, until) }]
  })
}

/** The one price that holds on a day; for usage that of the day on which its cycle begins. */
export function priceOn(terms: ScheduleTerms, product: ContractProduct, day: LocalDate): ContractProduct {
  if (!product.ramp && !product.escalator) return product
  const step = stepsBefore(terms, product, addDays(day, 1)).at(-1)
  return step ? plain(product, step.agreed) : product
}

/** The day on which a step of a ramp begins: its own, or the first of the product's cycle that it names. */
export const rampDay = (terms: CycleTerms, product: Cycled, { from }: Pick<RampStep, 'from'>): LocalDate =>
  typeof from === 'number' ? boundaryDate(cycleTermsOf(terms, product), from - 1) : from

/** The product before any step, and the steps that begin before `end`, in their order. */
function stepsBefore(terms: ScheduleTerms, product: ContractProduct, end: LocalDate): Step[] {
  const { start } = billingSpan(terms, product)
  const first: Step = { from: start, agreed: product }
  return product.escalator
    ? escalated(cycleTermsOf(terms, product), first, product.escalator, end)
    : ramped(terms, product, first, end)
}

function ramped(terms: CycleTerms, product: ContractProduct, first: Step, end: LocalDate): Step[] {
  const steps = [first]
  for (const step of product.ramp ?? []) {
    const from = rampDay(terms, product, step)
    if (from >= end) break
    steps.push({ from, agreed: afterStep(steps.at(-1)!.agreed, step) })
  }
  return steps
}

/** What a step leaves out stays as it was; a model brings its own modifiers. */
export const afterStep = (before: Agreed, { model, modifiers, quantity }: RampStep): Agreed => ({
  model: model ?? before.model,
  modifiers: model ? modifiers : (modifiers ?? before.modifiers),
  quantity: quantity ?? before.quantity,
})

function escalated(terms: CycleTerms, first: Step, escalator: Escalator, end: LocalDate): Step[] {
  const steps = [first]
  let factor = ONE
  for (let k = 1; ; k++) {
    const from = escalationDay(terms, first.from, escalator, k)
    // Beyond the year 9999 dates no longer compare as text.
    if (!isLocalDate(from) || from >= end) return steps
    factor = roundToPlaces(multiply(factor, growth(escalator, k)), FACTOR_PLACES)
    steps.push({ from, agreed: { ...first.agreed, ...escalatedPrice(first.agreed, escalator, k, factor) } })
  }
}

/** Counted from the day the price began, so that a day that a short month lacks comes back in the next one. */
function escalationDay(
  terms: CycleTerms,
  start: LocalDate,
  { every, unit }: Escalator,
  k: number,
): LocalDate {
  if (unit === 'months') return addMonths(start, every * k)
  const endless = { ...terms, end_date: null }
  return boundaryDate(endless, boundaryFrom(endless, addDays(start, 1)) - 1 + every * k)
}

/** What the k-th step multiplies the price before it by; past the last rate of an index, nothing changes. */
function growth({ percent, index }: Escalator, k: number): Rational {
  const rate = percent ?? index?.[k - 1] ?? '0'
  return add(ONE, divide(decimal(rate), HUNDRED))
}

const escalatedPrice = (price: Price, { amount }: Escalator, k: number, factor: Rational): Price =>
  amount === undefined
    ? scaledPrice(price, factor)
    : raisedPrice(price, multiply(decimal(amount), rational(BigInt(k))))

function plain({ ramp: _, escalator: __, modifiers: ___, ...product }: ContractProduct, agreed: Agreed) {
  const { model, modifiers, quantity } = agreed
  return { ...product, model, ...(modifiers && { modifiers }), quantity }
}

/** The dates of a step, within those of its product. */
function datesOf(product: ContractProduct, from: LocalDate | null, until: LocalDate | null) {
  const { billing_start_date: start, billing_end_date: end } = product
  return {
    billing_start_date: from ?? start,
    billing_end_date: until !== null && (end === null || until < end) ? until : end,
  }
}
