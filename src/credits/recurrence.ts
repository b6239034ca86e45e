import { boundaryDate } from '../contracts/periods/schedule.ts'
import { type Instant, startOfDay } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import type { CreditGrant, Recurrence } from './grant.ts'

/**
 * When the k-th grant of a series begins, at the start of its day in the seller's zone. Each is counted from the anchor
 * and never from the grant before, so a day that a short month lacks comes back: 31 January, 28 February, 31 March.
 */
export const occurrenceStart = ({ unit, every, anchor }: Recurrence, timezone: string, k: number): Instant =>
  startOfDay(
    boundaryDate(
      { start_date: anchor, anchor_date: anchor, end_date: null, billing_cycle: { unit, cycle: every } },
      k,
    ),
    timezone,
  )

/**
 * The grant that follows one of a series: the same credit again for the next period, and not on top of what is left.
 * Its reference is made from the series and its place, so whoever makes it again meets the same row. Nothing follows
 * where the series ends first.
 */
export function successorOf(grant: CreditGrant): CreditGrant | undefined {
  const { recurrence, expiresAt, timezone, sourceId } = grant
  if (recurrence === null || expiresAt === null) return undefined
  if (recurrence.until !== null && expiresAt >= recurrence.until) return undefined
  const occurrence = grant.occurrence + 1
  return {
    ...grant,
    ref: derivedId('cg', 'series', sourceId, occurrence),
    source: 'recurring',
    occurrence,
    effectiveAt: expiresAt,
    expiresAt: occurrenceStart(recurrence, timezone, occurrence + 1),
    createdAt: expiresAt,
  }
}
