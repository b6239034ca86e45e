import type { Instant } from '../kernel/calendar.ts'

/** Half-open: `end` no longer belongs. */
export type Period = { start: Instant; end: Instant }

export const within = (period: Period, at: Instant): boolean => period.start <= at && at < period.end
