import type { FC } from 'hono/jsx'
import { addDays, type Instant, type LocalDate, toIso } from '../kernel/calendar.ts'

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })
const MINUTE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
const dayOf = (date: LocalDate): Date => new Date(`${date}T00:00:00Z`)

/** `31 Jan 2026` */
export const dayInWords = (date: LocalDate): string => DAY.format(dayOf(date))

export const DateText: FC<{ date: LocalDate }> = ({ date }) => <time datetime={date}>{dayInWords(date)}</time>

/** A half-open period with its last day: `1 – 31 Jan 2026`. */
export const PeriodText: FC<{ start: LocalDate; end: LocalDate }> = ({ start, end }) => (
  <span class="nowrap">{DAY.formatRange(dayOf(start), dayOf(start < end ? addDays(end, -1) : end))}</span>
)

/** `31 Jan 2026, 09:00 UTC` */
export const InstantText: FC<{ at: Instant }> = ({ at }) => (
  <time datetime={toIso(at)}>{MINUTE.format(new Date(at))} UTC</time>
)
