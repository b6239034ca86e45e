import { isInAdvance } from '../../contracts/changes/change-date.ts'
import type { ContractProduct, ContractTerms } from '../../contracts/contract.ts'
import { billingSpan } from '../../contracts/periods/billing-span.ts'
import { partOf } from '../../contracts/periods/proration.ts'
import { boundaryDate, boundaryFrom } from '../../contracts/periods/schedule.ts'
import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import { canonicalJson, sha256Hex } from '../../kernel/hash.ts'
import { toMinor } from '../../kernel/money.ts'
import { compare, decimal, formatDecimal, ONE, type Rational, reduce } from '../../kernel/rational.ts'
import { rate } from '../../rating/rate.ts'
import { ofQuantity } from '../../rating/rated-usage.ts'
import { agreedProducts, type Charge, type ChargeBasis, lineDetail } from './charge.ts'
import { awaitsTrialEnd, dueAfter, dueInAdvance, dueInArrears, type FeeStretch } from './fee-stretch.ts'
import { type BilledFee, holds } from './paid-part.ts'

/** The recurring fees due at boundary k: those in arrears for days up to it, those in advance for periods that begin. */
export const recurringCharges = (
  basis: ChargeBasis,
  boundary: number,
  billed: readonly BilledFee[] = [],
): Charge[] =>
  agreedProducts(basis, 'recurring').flatMap((sold) =>
    (isInAdvance(sold.agreed)
      ? dueInAdvance(basis, sold, boundary + 1).filter((stretch) => !isBegun(stretch, billed))
      : dueInArrears(basis, sold, boundary)
    )
      .filter((stretch) => !awaitsTrialEnd(basis, stretch))
      .map((stretch) => recurringCharge(basis, stretch)),
  )

/** The fees in arrears whose periods go on after boundary k: each is billed at the boundary of the cycle that it counts in. */
export const arrearsAhead = (basis: ChargeBasis, boundary: number): Charge[] =>
  agreedProducts(basis, 'recurring')
    .filter(({ agreed }) => !isInAdvance(agreed))
    .flatMap((sold) => dueAfter(basis, sold, boundary))
    .map((stretch) => recurringCharge(basis, stretch))

/** The fees in advance that are billed on the day inside the n-th cycle on which their trial is over. */
export const trialEndCharges = (basis: ChargeBasis, n: number): Charge[] =>
  agreedProducts(basis, 'recurring')
    .filter(({ agreed }) => isInAdvance(agreed))
    .flatMap((sold) => dueInAdvance(basis, sold, n))
    .filter((stretch) => awaitsTrialEnd(basis, stretch))
    .map((stretch) => ({ ...recurringCharge(basis, stretch), kind: 'change' }))

/** A period of which something was billed before is settled by changes. */
const isBegun = ({ product, whole }: FeeStretch, billed: readonly BilledFee[]): boolean =>
  billed.some(({ productRef, serviceStart }) => productRef === product.ref && holds(whole, serviceStart))

/**
 * One-time fees, each due at the first boundary on or after its day. One with a `billing_end_date` is for the days up to
 * it, such as a licence for a year in a contract that bills by the month; any other for its day.
 */
export function oneTimeCharges(basis: ChargeBasis, boundary: number): Charge[] {
  const { terms } = basis
  return agreedProducts(basis, 'one_time').flatMap(({ agreed, product }) => {
    const day = agreed.billing_start_date ?? terms.start_date
    const isCancelled = terms.end_date !== null && day >= terms.end_date
    if (isCancelled || boundaryFrom(terms, day) !== boundary) return []
    return {
      ...feeLine(basis, agreed, ONE),
      kind: 'one_time' as const,
      productRef: product.ref,
      description: product.name,
      serviceStart: day,
      serviceEnd: serviceEndOf(terms, agreed, day),
      serviceCycleNo: day < boundaryDate(terms, boundary) ? boundary : boundary + 1,
    }
  })
}

function serviceEndOf(terms: ContractTerms, agreed: ContractProduct, day: LocalDate): LocalDate {
  const { end } = billingSpan(terms, agreed)
  return agreed.billing_end_date === null || end === null ? addDays(day, 1) : end
}

function recurringCharge(
  basis: ChargeBasis,
  { agreed, product, service, whole, cycleNo }: FeeStretch,
): Charge {
  return {
    ...feeLine(basis, agreed, partOf(basis.terms, service, whole)),
    kind: 'recurring',
    productRef: product.ref,
    description: product.name,
    serviceStart: service.start,
    serviceEnd: service.end,
    serviceCycleNo: cycleNo,
    priceKey: priceKey(agreed),
  }
}

/** The price of the quantity for its part of the period, as one exact amount that is rounded once. */
export function feeLine({ terms, rounding }: ChargeBasis, agreed: ContractProduct, factor: Rational) {
  const rated = rate(agreed, ofQuantity(decimal(agreed.quantity)), { factor })
  const amount = toMinor(rated.amount, terms.currency, rounding)
  const rows = rated.detail.map((row) => ({ ...row, description: row.description + partInWords(factor) }))
  return {
    quantity: agreed.quantity,
    unitAmount: agreed.model.type === 'flat' ? agreed.model.amount : null,
    amount,
    detail: rows.length > 1 || !isWhole(factor) ? lineDetail(rows, amount, terms.currency) : [],
    usageByMonth: {},
  }
}

/** The same for two fees whose price is the same, whatever their quantities. */
export function priceKey({ model, modifiers }: Pick<ContractProduct, 'model' | 'modifiers'>): string {
  const amount = model.type === 'flat' ? formatDecimal(decimal(model.amount)) : model.type
  return modifiers ? `${amount} ${sha256Hex(canonicalJson(modifiers)).slice(0, 16)}` : amount
}

const isWhole = (factor: Rational): boolean => compare(factor, ONE) === 0

export function partInWords(factor: Rational): string {
  if (isWhole(factor)) return ''
  const { num, den } = reduce(factor)
  return `, ${num}/${den} of the period`
}
