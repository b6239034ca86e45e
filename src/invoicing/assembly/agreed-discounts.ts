import type { AgreedDiscount, ContractTerms } from '../../contracts/contract.ts'
import { boundaryDate } from '../../contracts/periods/schedule.ts'
import { holdsFor } from '../../contracts/terms/discount-terms.ts'
import { firstInvoiceBoundary } from '../../contracts/terms/draft.ts'
import { parseMoney } from '../../kernel/money.ts'
import { assert } from '../../kernel/problem.ts'
import { decimal, divide, rational } from '../../kernel/rational.ts'
import type { Charge } from '../charges/charge.ts'
import type { Discount } from './assembly-discount.ts'

const HUNDRED = rational(100n)

/** A discount as it was agreed, and as it applies to the lines of an invoice. */
export type HeldDiscount = { agreed: AgreedDiscount; core: Discount }

/**
 * The discounts that hold for the charges of one invoice, whose lines are named by their places. A percent holds for a
 * line by its service; a fixed amount for the cycle of the invoice, and only for what is billed for the first time: its
 * own invoice has taken it off already.
 */
export const discountsOn = (
  terms: ContractTerms,
  boundary: number,
  charges: readonly Charge[],
): HeldDiscount[] =>
  (terms.discounts ?? []).flatMap((discount) => {
    const holds = charges.map(
      (charge) => isOff(discount, charge) && holdsForCharge(terms, boundary, discount, charge),
    )
    return holds.includes(true)
      ? { agreed: discount, core: coreDiscount(discount, holds, terms.currency) }
      : []
  })

const isOff = ({ products }: AgreedDiscount, { productRef }: Charge): boolean =>
  products === null || products.includes(productRef)

function holdsForCharge(
  terms: ContractTerms,
  boundary: number,
  discount: AgreedDiscount,
  { kind, amount, serviceStart, serviceCycleNo, discountedAs }: Charge,
): boolean {
  if (discount.type === 'percent') {
    return holdsFor(terms, discount, discountedAs ?? { day: serviceStart, cycleNo: serviceCycleNo })
  }
  const cycleNo = boundary - firstInvoiceBoundary(terms) + 1
  const isFirst = kind !== 'usage_adjustment' && kind !== 'change' && amount > 0n
  return isFirst && holdsFor(terms, discount, { day: boundaryDate(terms, cycleNo - 1), cycleNo })
}

function coreDiscount(
  { type, value, products }: AgreedDiscount,
  holds: readonly boolean[],
  currency: string,
): Discount {
  const whole = products === null && !holds.includes(false)
  const lines = whole ? null : new Set(holds.flatMap((one, place) => (one ? String(place) : [])))
  const scope = { lines, ...(products === null && { level: 'invoice' as const }) }
  if (type === 'percent') return { ...scope, type, part: divide(decimal(value), HUNDRED) }
  const amount = parseMoney(value, currency)
  assert(amount !== undefined, `${value} is an amount of ${currency}`)
  return { ...scope, type, amount }
}
