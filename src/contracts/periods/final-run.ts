import { addDays, type Instant } from '../../kernel/calendar.ts'
import type { Contract, ContractTerms } from '../contract.ts'
import { boundaryDate, lastBoundary } from './schedule.ts'
import { instantOf } from './zone.ts'

/** How long a contract without a limit of its own waits for late usage after its end. */
const WATCH_DAYS = 35
const HOUR_MS = 3_600_000

/**
 * When a contract that has ended is closed for good: usage that came late up to then is billed, or given back, at one more
 * boundary after its last.
 */
export function finalRunAt(terms: ContractTerms): Instant {
  const end = boundaryDate(terms, lastBoundary(terms) ?? 0)
  const days = terms.max_lateness_days ?? WATCH_DAYS
  return instantOf(terms, addDays(end, terms.issue_offset_days + days)) + terms.grace_hours * HOUR_MS
}

/** True once the last cycle is closed: late usage may still be to come, but nothing can be agreed any more. */
export function isOver({ terms, nextCycle, nextCloseAt, status }: Contract): boolean {
  const last = lastBoundary(terms)
  return status !== 'draft' && (nextCloseAt === null || (last !== null && nextCycle > last))
}
