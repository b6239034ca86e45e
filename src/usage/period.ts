import type { Instant } from '../kernel/calendar.ts'

/** Half-open: `end` no longer belongs. */
export type Period = { start: Instant; end: Instant }

export const within = (period: Period, at: Instant): boolean => period.start <= at && at < period.end

/** The calendar month (UTC) of an instant. */
export function monthUtc(at: Instant): Period {
  const date = new Date(at)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) }
}
