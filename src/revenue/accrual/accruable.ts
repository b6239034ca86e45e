import { isInAdvance } from '../../contracts/changes/change-date.ts'
import type { Contract } from '../../contracts/contract.ts'
import { billingSpan } from '../../contracts/periods/billing-span.ts'
import { boundaryDate } from '../../contracts/periods/schedule.ts'
import type { LocalDate } from '../../kernel/calendar.ts'

/**
 * False for a contract that has surely earned nothing by the end of a day that its next invoice will bill: that is
 * settled by its terms, so that a contract with fees in advance alone costs no reading of its usage.
 */
export function mayAccrue(
  { terms, nextCycle, version }: Pick<Contract, 'terms' | 'nextCycle' | 'version'>,
  lastDay: LocalDate,
): boolean {
  const hasBegun = boundaryDate(terms, nextCycle - 1) <= lastDay
  const isOver = boundaryDate(terms, nextCycle) <= lastDay
  if (!hasBegun || isOver) return hasBegun
  const isChanged = version > 1 || terms.products.some((product) => product.trial_end_date !== undefined)
  const isSoldBy = (day: LocalDate) => (product: (typeof terms.products)[number]) =>
    billingSpan(terms, product).start <= day
  const inArrears = terms.products.filter((product) => !isInAdvance(product) && product.bill !== 'advance')
  return isChanged || inArrears.some(isSoldBy(lastDay))
}
