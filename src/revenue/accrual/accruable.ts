import { isInAdvance } from '../../contracts/changes/change-date.ts'
import type { Contract, ContractProduct, ContractTerms } from '../../contracts/contract.ts'
import { billingSpan } from '../../contracts/periods/billing-span.ts'
import { boundaryDate } from '../../contracts/periods/schedule.ts'
import { windowOfCycle } from '../../contracts/terms/commitment.ts'
import type { LocalDate } from '../../kernel/calendar.ts'

/** False for a contract whose invoices are never corrected by later ones: it has neither usage nor changes. */
export const mayBeCorrected = ({ terms, version }: Pick<Contract, 'terms' | 'version'>): boolean =>
  version > 1 || terms.products.some((product) => !isInAdvance(product))

/**
 * False for a contract that has surely earned nothing by the end of a day that its next invoices will bill: that is
 * settled by its terms, so that a contract with fees in advance alone costs no reading of its usage.
 */
export function mayAccrue(
  { terms, nextCycle, version }: Pick<Contract, 'terms' | 'nextCycle' | 'version'>,
  lastDay: LocalDate,
): boolean {
  if (runsCommitment(terms, nextCycle, lastDay)) return true
  const begins = boundaryDate(terms, nextCycle - 1)
  const runs = (product: ContractProduct): boolean => {
    const { start, end } = billingSpan(terms, product)
    return start <= lastDay && (end === null || end > begins)
  }
  const inArrears = terms.products.filter(
    (product) => !isInAdvance(product) && product.bill !== 'advance' && runs(product),
  )
  const hasBegun = begins <= lastDay
  const isOver = boundaryDate(terms, nextCycle) <= lastDay
  // A fee with a cycle of its own is earned through several of the contract's.
  if (!hasBegun || isOver) return hasBegun || inArrears.some((product) => product.billing_cycle !== undefined)
  const isChanged = version > 1 || terms.products.some((product) => product.trial_end_date !== undefined)
  return isChanged || inArrears.length > 0
}

/** A window that has begun may be short of its commitment, or above it, whatever is invoiced by now. */
function runsCommitment(terms: ContractTerms, nextCycle: number, lastDay: LocalDate): boolean {
  const window = terms.commitments?.length ? windowOfCycle(terms, Math.max(nextCycle, 1)) : undefined
  return window !== undefined && window.start <= lastDay
}
