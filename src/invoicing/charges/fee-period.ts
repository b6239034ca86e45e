import { isInAdvance } from '../../contracts/changes/change-date.ts'
import type { ContractProduct, ContractTerms } from '../../contracts/contract.ts'
import { cycleTermsOf, periodsWithin } from '../../contracts/periods/own-cycle.ts'
import { type DatePeriod, fullCyclePeriod } from '../../contracts/periods/schedule.ts'
import { agreedProducts, type ChargeBasis } from './charge.ts'
import { type FeeStretch, stretchesIn } from './fee-stretch.ts'
import { type BilledFee, covers, holds, servicePeriodOf } from './paid-part.ts'

/** A period of a product that is billed in advance, as its anchor lays it, with what is due for it by the terms. */
export type FeePeriod = { ref: string; whole: DatePeriod; due: FeeStretch[] }

/**
 * The periods of fees in advance that have days in these cycles of the contract, each once: those with something due in
 * the order of the contract, then those with nothing but what was billed.
 */
export function feePeriods(
  basis: ChargeBasis,
  cycles: readonly number[],
  billed: readonly BilledFee[],
): FeePeriod[] {
  const laid = laidPeriods(basis, cycles)
  const periods: FeePeriod[] = []
  for (const { ref, whole, due } of laid) {
    if (due.length === 0) continue
    const known = periods.find((one) => one.ref === ref && one.whole.start === whole.start)
    if (known) known.due.push(...due)
    else periods.push({ ref, whole, due: [...due] })
  }
  for (const line of billed) {
    const whole = periods.some(holdsLine(line)) ? undefined : periodOfLine(basis.terms, line, laid, cycles)
    if (whole) periods.push({ ref: line.productRef, whole, due: [] })
  }
  return periods
}

/** The periods of each price in advance. */
const laidPeriods = (basis: ChargeBasis, cycles: readonly number[]): FeePeriod[] =>
  agreedProducts(basis, 'recurring')
    .filter(({ agreed }) => isInAdvance(agreed))
    .flatMap((sold) =>
      periodsOf(basis.terms, sold.agreed, cycles).map((whole) => ({
        ref: sold.product.ref,
        whole,
        due: stretchesIn(basis, sold, whole),
      })),
    )

/**
 * The period that a line was billed for. A price that was taken out on its first day has left the terms; what was billed
 * for it has the cycle that it lies in, or its own days.
 */
function periodOfLine(
  terms: ContractTerms,
  line: BilledFee,
  laid: readonly FeePeriod[],
  cycles: readonly number[],
): DatePeriod | undefined {
  const days = servicePeriodOf(line)
  const agreed = laid.find(holdsLine(line))
  const cycle = cycles.map((n) => fullCyclePeriod(terms, n)).find((one) => holds(one, days.start))
  return agreed?.whole ?? (cycle && (covers(cycle, days) ? cycle : days))
}

const holdsLine =
  ({ productRef, serviceStart }: BilledFee) =>
  ({ ref, whole }: FeePeriod): boolean =>
    ref === productRef && holds(whole, serviceStart)

/** Days within which the lines of these cycles begin: those of the cycles, and of all periods that reach into them. */
export const daysToSettle = (terms: ContractTerms, cycles: readonly number[]): DatePeriod[] => [
  ...cycles.map((n) => fullCyclePeriod(terms, n)),
  ...terms.products
    .filter((product) => product.billing_cycle !== undefined)
    .flatMap((product) => periodsOf(terms, product, cycles)),
]

const periodsOf = (terms: ContractTerms, product: ContractProduct, cycles: readonly number[]): DatePeriod[] =>
  [...new Set(cycles.flatMap((n) => periodsWithin(terms, product, n)))].map((m) =>
    fullCyclePeriod(cycleTermsOf(terms, product), m),
  )
