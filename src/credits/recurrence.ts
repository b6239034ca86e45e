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

/** The next period of a grant that comes again, or rolls over: undefined where its series ends first. */
export function nextPeriodOf(
  grant: CreditGrant,
): Pick<CreditGrant, 'occurrence' | 'effectiveAt' | 'expiresAt'> | undefined {
  const { recurrence, expiresAt, timezone } = grant
  if (recurrence === null || expiresAt === null) return undefined
  if (recurrence.until !== null && expiresAt >= recurrence.until) return undefined
  const occurrence = grant.occurrence + 1
  return {
    occurrence,
    effectiveAt: expiresAt,
    expiresAt: occurrenceStart(recurrence, timezone, occurrence + 1),
  }
}

/**
 * The grant that follows one of a series: the same credit again for the next period, and not on top of what is left.
 * Its reference is made from the series and its place, so whoever makes it again meets the same row. Nothing follows
 * where the series ends first, and where each grant is sold by an invoice of its own.
 */
export function successorOf(grant: CreditGrant): CreditGrant | undefined {
  const next = nextPeriodOf(grant)
  if (!next || grant.invoiceId !== null) return undefined
  return {
    ...grant,
    ...next,
    ref: derivedId('cg', 'series', grant.sourceId, next.occurrence),
    source: 'recurring',
    createdAt: next.effectiveAt,
  }
}
