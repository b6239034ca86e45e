import { addDays, type LocalDate } from '../kernel/calendar.ts'
import type { Contract, ContractTerms } from './contract.ts'
import { boundaryDate, boundaryFrom } from './schedule.ts'

/** A contract's end brought forward. */
export type Cancellation = { terms: ContractTerms; nextCloseAt: number | null }

/**
 * The first day on which a contract cancelled on `today` can be over: the end of the running cycle, since its fees in
 * advance are billed; the start of a contract that has not begun.
 */
export function earliestEnd({ terms, nextCycle }: Contract, today: LocalDate): LocalDate {
  if (nextCycle === 0 && today < terms.start_date) return terms.start_date
  const running = boundaryFrom(terms, addDays(today, 1))
  return boundaryDate(terms, Math.max(running, nextCycle, 1))
}

/** The contract ending on `end`. One that ends before it began has nothing to bill. */
export const cancelOn = ({ terms, nextCloseAt }: Contract, end: LocalDate): Cancellation => ({
  terms: { ...terms, end_date: end },
  nextCloseAt: end <= terms.start_date ? null : nextCloseAt,
})
