import type { ProductKind } from '../../catalog/product.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import { compare, decimal, multiply, type Rational, ZERO } from '../../kernel/rational.ts'
import type { Contract, ContractProduct, ContractTerms } from '../contract.ts'
import { billingSpan } from '../periods/billing-span.ts'
import { boundaryDate, boundaryFrom } from '../periods/schedule.ts'
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
 * or after the day, unless the day itself is insisted on. Within the cycle that is running, and paid for in advance, a
 * higher fee begins on the day and a lower or equal one, or none, at the cycle's end; but seats that are given back at
 * their price go on the day, where the product credits them.
 *
 * @example on 15 March a seat for 20 in place of 10 begins on the 15th, one for 5 on 1 April
 */
export function changeDays(
  { terms, nextCycle }: Pick<Contract, 'terms' | 'nextCycle'>,
  { effective, apply, wanted, kindOf }: Change,
): ChangeDay {
  const cycleEnd = boundaryDate(terms, nextCycle)
  const isInRunningCycle = nextCycle > 0 && effective < cycleEnd
  return (productRef) => {
    if (apply === 'now') return effective
    if (apply === 'period_end' || kindOf(productRef) === 'usage')
      return boundaryOnOrAfter(terms, effective, cycleEnd)
    if (!isInRunningCycle || kindOf(productRef) === 'one_time') return effective
    const before = agreedOn(terms, terms.products, productRef, effective)
    const after = agreedOn(terms, wanted, productRef, effective)
    if (before === undefined || !isInAdvance(before) || isCreditedRemoval(before, after)) return effective
    return compare(feeOf(after), feeOf(before)) <= 0 ? cycleEnd : effective
  }
}

const isCreditedRemoval = (before: ContractProduct, after: ContractProduct | undefined): boolean =>
  after?.credit_removals === true &&
  compare(amountOf(after), amountOf(before)) === 0 &&
  canonicalJson(after.modifiers ?? {}) === canonicalJson(before.modifiers ?? {}) &&
  compare(decimal(after.quantity), decimal(before.quantity)) < 0

/** Never one that is invoiced. */
function boundaryOnOrAfter(terms: ContractTerms, day: LocalDate, next: LocalDate): LocalDate {
  return day <= next ? next : boundaryDate(terms, boundaryFrom(terms, day))
}

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
