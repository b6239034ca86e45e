import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import type { Contract, ContractTerms } from '../contract.ts'
import { billingSpan } from '../periods/billing-span.ts'
import { firstPaidDay, periodOn } from '../periods/own-cycle.ts'
import { boundaryDate, boundaryFrom, closeInstant } from '../periods/schedule.ts'
import { isInAdvance } from './change-date.ts'
import type { CancellationMode } from './plan-change.ts'

/**
 * How a contract is cancelled. `period_end` leaves whole what is billed in advance. `now_without_credit` bills usage and
 * fees in arrears up to the day, and gives nothing back of fees that are billed in advance; `now_with_credit` gives back
 * what was billed for the days after it. A used day is billed itself.
 */
export type CancelBy = { mode: CancellationMode; dayIsUsed: boolean }

/** A contract's end brought forward. */
export type Cancellation = {
  terms: ContractTerms
  nextCloseAt: number | null
  billsChangeAt: number | null
}

/**
 * The first day on which a contract cancelled on `today` can be over. By default the end of the running cycle, or of a
 * longer one that a product has of its own, since fees in advance are billed up to it; now, the day itself or the one
 * after it. A contract that has not begun ends on its start.
 */
export function earliestEnd(
  { terms, nextCycle }: Contract,
  today: LocalDate,
  { mode, dayIsUsed }: CancelBy = { mode: 'period_end', dayIsUsed: false },
): LocalDate {
  if (nextCycle === 0 && today < terms.start_date) return terms.start_date
  if (mode !== 'period_end') {
    const day = dayIsUsed ? addDays(today, 1) : today
    if (nextCycle === 0) return day
    // An end on the boundary that is invoiced would rewrite it, so the running cycle keeps one day.
    const billed = boundaryDate(terms, nextCycle - 1)
    return day > billed ? day : addDays(billed, 1)
  }
  const running = boundaryFrom(terms, addDays(today, 1))
  return paidUntil(terms, boundaryDate(terms, Math.max(running, nextCycle, 1)))
}

/** A boundary of the contract, or the later end of a period of a product that is billed in advance before it. */
function paidUntil(terms: ContractTerms, boundary: LocalDate): LocalDate {
  const ends = terms.products.flatMap((product) => {
    if (!product.billing_cycle || !isInAdvance(product)) return []
    const period = periodOn(terms, product, addDays(boundary, -1))
    const first = firstPaidDay(terms, [product], period)
    const { end } = billingSpan(terms, product)
    if (first === undefined || first >= boundary) return []
    return end !== null && end < period.end ? end : period.end
  })
  return [boundary, ...ends].sort().at(-1)!
}

/**
 * The contract ending on `end`; with `creditsUnused`, fees billed in advance for days after it are given back. One that
 * ends before it began has nothing to bill. Changes that were to be billed alone come with the last invoice, or before it.
 */
export function cancelOn(
  { terms: before, nextCycle, nextCloseAt, billsChangeAt = null }: Contract,
  end: LocalDate,
  creditsUnused = false,
): Cancellation {
  const terms = { ...before, end_date: end, ...(creditsUnused && { credits_unused: true as const }) }
  if (end <= terms.start_date) return { terms, nextCloseAt: null, billsChangeAt: null }
  const cutsNext = end < boundaryDate(before, nextCycle)
  const closesAt = cutsNext ? closeInstant(terms, nextCycle) : nextCloseAt
  const isBefore = billsChangeAt !== null && (closesAt === null || billsChangeAt < closesAt)
  return { terms, nextCloseAt: closesAt, billsChangeAt: isBefore ? billsChangeAt : null }
}
