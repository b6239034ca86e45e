import { addDays, type LocalDate } from '../kernel/calendar.ts'

/** `31 January 2026` */
export const dateInWords = (date: LocalDate): string => DATE.format(midnight(date))

/** A half-open period as people say it, with its last day: `1 – 31 January 2026`. */
export const periodInWords = (start: LocalDate, end: LocalDate): string =>
  DATE.formatRange(midnight(start), midnight(addDays(end, -1)))

const DATE = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})

const midnight = (date: LocalDate): Date => new Date(`${date}T00:00:00Z`)
