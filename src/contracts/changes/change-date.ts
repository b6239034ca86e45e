import type { ProductKind } from '../../catalog/product.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import { compare, decimal, multiply, type Rational, ZERO } from '../../kernel/rational.ts'
import type { Contract, ContractProduct, ContractTerms } from '../contract.ts'
import { billingSpan } from '../periods/billing-span.ts'
import { cycleTermsOf, firstPaidDay, hasSameCycle } from '../periods/own-cycle.ts'
import { boundaryDate, boundaryFrom, cycleOn, fullCyclePeriod } from '../periods/schedule.ts'
import { priceOn } from '../terms/price-schedule.ts'

/** On the day, at the end of the running cycle, or as the change makes the fee dearer or not. */
export const APPLY_MODES = ['by_direction', 'now', 'period_end'] as const
export type ApplyMode = (typeof APPLY_MODES)[number]

/** The day on which what was agreed for a product begins to hold. */
export type ChangeDay = (productRef: string) => LocalDate

type Change = {
  effective: LocalDate
  apply: ApplyMode
  wanted: readonly ContractProduct[]
  kindOf: (productRef: string) => ProductKind | undefined
}

/**
 * When the change of each product begins. Usage is counted by whole cycles, so its price changes at the first boundary on
 * or after the day, unless the day itself is insisted on. Within a period that is billed in advance, the running cycle or
 * a longer one of the product, a higher fee begins on the day and a lower or equal one, or none, at the period's end; but
 * seats that are given back at their price go on the day, where the product credits them. Another cycle begins where a
 * period ends.
 *
 * @example on 15 March a seat for 20 in place of 10 begins on the 15th, one for 5 on 1 April
 */
export function changeDays(
  { terms, nextCycle }: Pick<Contract, 'terms' | 'nextCycle'>,
  { effective, apply, wanted, kindOf }: Change,
): ChangeDay {
  return (productRef) => {
    if (apply === 'now') return effective
    const before = agreedOn(terms, terms.products, productRef, effective)
    const period = runningPeriod({ terms, nextCycle }, productRef, before, effective)
    if (apply === 'period_end' || kindOf(productRef) === 'usage') return period.end
    if (before === undefined || kindOf(productRef) === 'one_time') return effective
    const after = agreedOn(terms, wanted, productRef, effective)
    if (after && !hasSameCycle(terms, before, after)) return period.end
    if (!period.isBilled || !isInAdvance(before) || isCreditedRemoval(before, after)) return effective
    return compare(feeOf(after), feeOf(before)) <= 0 ? period.end : effective
  }
}

/** Whether the period of a product that a day lies in is billed already, and the first end of a period that is not. */
type RunningPeriod = { isBilled: boolean; end: LocalDate }

function runningPeriod(
  { terms, nextCycle }: Pick<Contract, 'terms' | 'nextCycle'>,
  productRef: string,
  agreed: ContractProduct | undefined,
  day: LocalDate,
): RunningPeriod {
  const next = boundaryDate(terms, nextCycle)
  if (!agreed?.billing_cycle) {
    const isBilled = nextCycle > 0 && day < next
    return { isBilled, end: day <= next ? next : boundaryDate(terms, boundaryFrom(terms, day)) }
  }
  const own = cycleTermsOf(terms, agreed)
  const m = cycleOn(own, day)
  const prices = terms.products.filter((one) => one.product_ref === productRef && isInAdvance(one))
  const first = firstPaidDay(terms, prices, fullCyclePeriod(own, m))
  const isBilled = nextCycle > 0 && first !== undefined && first < next
  const isOnStart = boundaryDate(own, m - 1) === day
  return { isBilled, end: isOnStart && !isBilled ? day : boundaryDate(own, m) }
}

const isCreditedRemoval = (before: ContractProduct, after: ContractProduct | undefined): boolean =>
  after?.credit_removals === true &&
  compare(amountOf(after), amountOf(before)) === 0 &&
  canonicalJson(after.modifiers ?? {}) === canonicalJson(before.modifiers ?? {}) &&
  compare(decimal(after.quantity), decimal(before.quantity)) < 0

function agreedOn(
  terms: ContractTerms,
  products: readonly ContractProduct[],
  productRef: string,
  day: LocalDate,
): ContractProduct | undefined {
  const agreed = products.find((product) => {
    const { start, end } = billingSpan(terms, product)
    return product.product_ref === productRef && start <= day && (end === null || day < end)
  })
  return agreed && priceOn(terms, agreed, day)
}

export const isInAdvance = ({ model }: Pick<ContractProduct, 'model'>): boolean =>
  model.type === 'flat' && model.term === 'in_advance'

const amountOf = ({ model }: ContractProduct): Rational =>
  model.type === 'flat' ? decimal(model.amount) : ZERO

/** The list price of the quantity for a whole cycle, which tells dearer from cheaper. */
const feeOf = (agreed: ContractProduct | undefined): Rational =>
  agreed ? multiply(amountOf(agreed), decimal(agreed.quantity)) : ZERO
