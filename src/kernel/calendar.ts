import { Temporal } from 'temporal-polyfill/implementation'

/** A local date, `YYYY-MM-DD`. */
export type LocalDate = string
/** UTC epoch milliseconds. */
export type Instant = number

/** True for an IANA zone that the runtime knows. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** True for a real date in the years 1900 to 9999: 2026-02-30 is none. */
export function isLocalDate(text: string): boolean {
  if (!/^(19|[2-9]\d)\d{2}-\d{2}-\d{2}$/.test(text)) return false
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text
  } catch {
    return false
  }
}

/** The first instant of a local date (where a clock change skips midnight, the first instant after it). */
export const startOfDay = (date: LocalDate, zone: string): Instant =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).startOfDay().epochMilliseconds

export const localDate = (at: Instant, zone: string): LocalDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString()

export const addDays = (date: LocalDate, days: number): LocalDate =>
  Temporal.PlainDate.from(date).add({ days }).toString()

/** Adds months, with the day clamped to the month's length: 31 January plus one is 28 or 29 February. */
export const addMonths = (date: LocalDate, months: number): LocalDate =>
  Temporal.PlainDate.from(date).add({ months }).toString()

/** Days from `start` to `end`, half-open: 1 January to 1 February are 31. */
export const daysBetween = (start: LocalDate, end: LocalDate): number =>
  Temporal.PlainDate.from(start).until(end, { largestUnit: 'day' }).days

export const firstOfMonth = (date: LocalDate): LocalDate => `${date.slice(0, 7)}-01`

/** The Monday on or before a date: weeks begin on Monday (ISO 8601). */
export const mondayOf = (date: LocalDate): LocalDate => {
  const day = Temporal.PlainDate.from(date)
  return day.subtract({ days: day.dayOfWeek - 1 }).toString()
}

/** `2026-11` */
export const monthOf = (date: LocalDate): string => date.slice(0, 7)

export const toIso = (at: Instant): string => new Date(at).toISOString()
