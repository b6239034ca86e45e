import { isInAdvance } from '../../contracts/changes/change-date.ts'
import type { ContractProduct, ContractTerms } from '../../contracts/contract.ts'
import { cycleTermsOf, periodsWithin } from '../../contracts/periods/own-cycle.ts'
import { type DatePeriod, fullCyclePeriod } from '../../contracts/periods/schedule.ts'
import { agreedProducts, type ChargeBasis } from './charge.ts'
import { type BilledFee, covers, holds, servicePeriodOf } from './paid-part.ts'

/** A period of a product that is billed in advance, as its anchor lays it. */
export type FeePeriod = { ref: string; whole: DatePeriod }

/**
 * The periods of fees in advance that have days in these cycles of the contract, each once. A price that was taken out on
 * its first day has left the terms; what was billed for it still has a period: the cycle it was billed in, or its days.
 */
export function feePeriods(
  basis: ChargeBasis,
  cycles: readonly number[],
  billed: readonly BilledFee[],
): FeePeriod[] {
  const { terms } = basis
  const periods: FeePeriod[] = []
  const add = (ref: string, whole: DatePeriod): void => {
    if (!periods.some((one) => one.ref === ref && one.whole.start === whole.start))
      periods.push({ ref, whole })
  }
  for (const { agreed, product } of agreedProducts(basis, 'recurring')) {
    if (isInAdvance(agreed)) for (const whole of periodsOf(terms, agreed, cycles)) add(product.ref, whole)
  }
  const laid = cycles.map((n) => fullCyclePeriod(terms, n))
  for (const line of billed) {
    const cycle = laid.find((one) => holds(one, line.serviceStart))
    const isKnown = periods.some(
      ({ ref, whole }) => ref === line.productRef && holds(whole, line.serviceStart),
    )
    const days = servicePeriodOf(line)
    if (cycle && !isKnown) add(line.productRef, covers(cycle, days) ? cycle : days)
  }
  return periods
}

/** Days within which the lines of these cycles begin: those of the cycles, and of all periods that reach into them. */
export const daysToSettle = (terms: ContractTerms, cycles: readonly number[]): DatePeriod[] => [
  ...cycles.map((n) => fullCyclePeriod(terms, n)),
  ...terms.products
    .filter((product) => product.billing_cycle !== undefined)
    .flatMap((product) => periodsOf(terms, product, cycles)),
]

const periodsOf = (terms: ContractTerms, product: ContractProduct, cycles: readonly number[]): DatePeriod[] =>
  cycles
    .flatMap((n) => periodsWithin(terms, product, n))
    .map((m) => fullCyclePeriod(cycleTermsOf(terms, product), m))
