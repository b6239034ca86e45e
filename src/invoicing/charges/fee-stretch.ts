import { boundaryOn } from '../../contracts/changes/amendment.ts'
import { isInAdvance } from '../../contracts/changes/change-date.ts'
import type { ContractProduct, ContractTerms } from '../../contracts/contract.ts'
import { cycleTermsOf, firstPaidDay, periodsWithin } from '../../contracts/periods/own-cycle.ts'
import { servicePeriod } from '../../contracts/periods/proration.ts'
import {
  boundaryFrom,
  cycleOn,
  cyclePeriod,
  type DatePeriod,
  fullCyclePeriod,
  lastBoundary,
} from '../../contracts/periods/schedule.ts'
import { paidStart } from '../../contracts/periods/trial.ts'
import { pricesOver } from '../../contracts/terms/price-schedule.ts'
import type { BilledProduct, ChargeBasis } from './charge.ts'

/** A recurring product with one of the prices agreed for it. */
type SoldFee = { agreed: ContractProduct; product: BilledProduct }

/** The days of one period over which one price of a recurring fee holds, without those of a trial. */
export type FeeStretch = SoldFee & {
  service: DatePeriod
  /** The period as its anchor lays it: what a part of it is measured by. */
  whole: DatePeriod
  /** The contract's cycle that the fee counts in: of one in advance the first it is for, else the one it is billed with. */
  cycleNo: number
}

type Basis = Pick<ChargeBasis, 'terms'>

/**
 * The stretches with a fee in advance that are billed when the contract's n-th cycle begins: all of each period whose
 * first paid day lies in it. So a fee is billed at the last boundary on or before the day it begins on, with every price
 * that is known then to follow in its period.
 */
export function dueInAdvance(basis: Basis, sold: SoldFee, n: number): FeeStretch[] {
  const { terms } = basis
  const last = lastBoundary(terms)
  if (n < 1 || (last !== null && n > last)) return []
  const stretches = periodsWithin(terms, sold.agreed, n).flatMap((m) => stretchesOf(basis, sold, m))
  if (!sold.agreed.billing_cycle) return stretches
  const prices = advancePrices(terms, sold.agreed.product_ref)
  return stretches.filter(({ whole }) => {
    const first = firstPaidDay(terms, prices, whole)
    return first !== undefined && cycleOn(terms, first) === n
  })
}

/** The stretches with a fee in arrears that end with the contract's n-th cycle or inside it. */
export const dueInArrears = (basis: Basis, sold: SoldFee, n: number): FeeStretch[] =>
  inArrears(basis, sold, n).filter(({ cycleNo }) => cycleNo === n)

/** Those that end later, in periods that have days of the n-th cycle. */
export const dueAfter = (basis: Basis, sold: SoldFee, n: number): FeeStretch[] =>
  inArrears(basis, sold, n).filter(({ cycleNo }) => cycleNo > n)

const inArrears = (basis: Basis, sold: SoldFee, n: number): FeeStretch[] =>
  n < 1 ? [] : periodsWithin(basis.terms, sold.agreed, n).flatMap((m) => stretchesOf(basis, sold, m))

/** The stretches of the period that is laid as `whole`; none where the product's periods lie otherwise. */
export function stretchesIn(basis: Basis, sold: SoldFee, whole: DatePeriod): FeeStretch[] {
  const { terms } = basis
  const own = cycleTermsOf(terms, sold.agreed)
  const m = cycleOn(own, whole.start)
  return fullCyclePeriod(own, m).start === whole.start ? stretchesOf(basis, sold, m) : []
}

/** A fee in advance that is paid from a day inside a cycle of the contract on is billed on that day, when its trial is over. */
export function awaitsTrialEnd({ terms }: Basis, { agreed, whole }: FeeStretch): boolean {
  const { trial_end_date: end } = agreed
  return (
    isInAdvance(agreed) &&
    end !== undefined &&
    whole.start < end &&
    terms.start_date < end &&
    end < whole.end &&
    boundaryOn(terms, end) === undefined
  )
}

/** The prices in advance that were agreed for a product, past and present. */
const advancePrices = ({ products }: ContractTerms, ref: string): ContractProduct[] =>
  products.filter((product) => product.product_ref === ref && isInAdvance(product))

/** The stretches of the m-th of a product's periods. */
function stretchesOf({ terms }: Basis, { agreed, product }: SoldFee, m: number): FeeStretch[] {
  const own = cycleTermsOf(terms, agreed)
  const cycleNo = ({ start, end }: DatePeriod): number => {
    if (!agreed.billing_cycle) return m
    return isInAdvance(agreed) ? cycleOn(terms, start) : boundaryFrom(terms, end)
  }
  return pricesOver(terms, agreed, cyclePeriod(own, m)).flatMap((price) => {
    const service = servicePeriod(own, m, paidStart(price), price.billing_end_date)
    if (!service) return []
    return { agreed: price, product, service, whole: fullCyclePeriod(own, m), cycleNo: cycleNo(service) }
  })
}
