import { isInAdvance } from '../../contracts/changes/change-date.ts'
import type { ContractProduct, ContractTerms } from '../../contracts/contract.ts'
import { billingSpan } from '../../contracts/periods/billing-span.ts'
import { prorationFactor, servicePeriod } from '../../contracts/periods/proration.ts'
import {
  boundaryDate,
  boundaryFrom,
  cyclePeriod,
  type DatePeriod,
  lastBoundary,
} from '../../contracts/periods/schedule.ts'
import { paidStart } from '../../contracts/periods/trial.ts'
import { pricesOver } from '../../contracts/terms/price-schedule.ts'
import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import { canonicalJson, sha256Hex } from '../../kernel/hash.ts'
import { toMinor } from '../../kernel/money.ts'
import { compare, decimal, formatDecimal, ONE, type Rational, reduce } from '../../kernel/rational.ts'
import { rate } from '../../rating/rate.ts'
import { ofQuantity } from '../../rating/rated-usage.ts'
import { agreedProducts, type BilledProduct, type Charge, type ChargeBasis, lineDetail } from './charge.ts'

/** The days of one cycle over which one price of a recurring fee holds, without those of a trial. */
export type FeeStretch = {
  agreed: ContractProduct
  product: BilledProduct
  service: DatePeriod
  cycleNo: number
}

/** The recurring fees due at boundary k: those in arrears for cycle k, those in advance for cycle k + 1. */
export const recurringCharges = (basis: ChargeBasis, boundary: number): Charge[] =>
  agreedProducts(basis, 'recurring').flatMap((sold) =>
    stretchesOf(basis, sold, isInAdvance(sold.agreed) ? boundary + 1 : boundary)
      .filter((stretch) => !awaitsTrialEnd(basis, stretch))
      .map((stretch) => recurringCharge(basis, stretch)),
  )

/** The fees of the n-th cycle that are billed on the day inside it on which their trial is over. */
export const trialEndCharges = (basis: ChargeBasis, n: number): Charge[] =>
  advanceStretches(basis, n)
    .filter((stretch) => awaitsTrialEnd(basis, stretch))
    .map((stretch) => ({ ...recurringCharge(basis, stretch), kind: 'change' }))

/** The stretches of the n-th cycle with a fee in advance, in the order of the contract; none without such a cycle. */
export const advanceStretches = (basis: ChargeBasis, n: number): FeeStretch[] =>
  agreedProducts(basis, 'recurring')
    .filter(({ agreed }) => isInAdvance(agreed))
    .flatMap((sold) => stretchesOf(basis, sold, n))

function stretchesOf(
  { terms }: ChargeBasis,
  { agreed, product }: Pick<FeeStretch, 'agreed' | 'product'>,
  n: number,
): FeeStretch[] {
  const last = lastBoundary(terms)
  if (n < 1 || (last !== null && n > last)) return []
  return pricesOver(terms, agreed, cyclePeriod(terms, n)).flatMap((price) => {
    const service = servicePeriod(terms, n, paidStart(price), price.billing_end_date)
    return service ? [{ agreed: price, product, service, cycleNo: n }] : []
  })
}

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

/** A fee in advance that is paid from a day inside its cycle on is billed on that day, when its trial is over. */
function awaitsTrialEnd({ terms }: ChargeBasis, { agreed, cycleNo }: FeeStretch): boolean {
  const { trial_end_date: end } = agreed
  const cycle = cyclePeriod(terms, cycleNo)
  return isInAdvance(agreed) && end !== undefined && cycle.start < end && end < cycle.end
}

function recurringCharge(basis: ChargeBasis, { agreed, product, service, cycleNo }: FeeStretch): Charge {
  return {
    ...feeLine(basis, agreed, prorationFactor(basis.terms, cycleNo, service.start, service.end)),
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
