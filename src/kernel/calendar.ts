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
export const isLocalDate = (text: string): boolean =>
  /^(19|[2-9]\d)\d{2}-\d{2}-\d{2}$/.test(text) && dateOf(dayNumber(text)) === text

/** The first instant of a local date (where a clock change skips midnight, the first instant after it). */
export const startOfDay = (date: LocalDate, zone: string): Instant =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).startOfDay().epochMilliseconds

export const localDate = (at: Instant, zone: string): LocalDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString()

export const addDays = (date: LocalDate, days: number): LocalDate => dateOf(dayNumber(date) + days)

/** Adds months, with the day clamped to the month's length: 31 January plus one is 28 or 29 February. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const { year, month, day } = partsOf(date)
  const first = Date.UTC(year, month - 1 + months, 1) / DAY_MS
  const next = Date.UTC(year, month + months, 1) / DAY_MS
  return dateOf(Math.min(first + day, next) - 1)
}

/** Days from `start` to `end`, half-open: 1 January to 1 February are 31. */
export const daysBetween = (start: LocalDate, end: LocalDate): number => dayNumber(end) - dayNumber(start)

export const firstOfMonth = (date: LocalDate): LocalDate => `${date.slice(0, 7)}-01`

/** The Monday on or before a date: weeks begin on Monday (ISO 8601). */
export function mondayOf(date: LocalDate): LocalDate {
  const day = dayNumber(date)
  return dateOf(day - ((((day + EPOCH_WEEKDAY) % 7) + 7) % 7))
}

/** `2026-11` */
export const monthOf = (date: LocalDate): string => date.slice(0, 7)

export const toIso = (at: Instant): string => new Date(at).toISOString()

const DAY_MS = 86_400_000
/** 1 January 1970 was a Thursday: the third day after a Monday. */
const EPOCH_WEEKDAY = 3

/** Read from the end: the years after 9999, which sums may reach, have more than four digits. */
const partsOf = (date: LocalDate) => ({
  year: Number(date.slice(0, -6)),
  month: Number(date.slice(-5, -3)),
  day: Number(date.slice(-2)),
})

/** Days since 1 January 1970. Dates are plain days here, so that no zone and no clock change can reach them. */
function dayNumber(date: LocalDate): number {
  const { year, month, day } = partsOf(date)
  return Date.UTC(year, month - 1, day) / DAY_MS
}

/** Dates that were asked for before: a report asks for the same few thousand over and over. */
const dates = new Map<number, LocalDate>()
const DATES_MAX = 50_000

function dateOf(days: number): LocalDate {
  const known = dates.get(days)
  if (known !== undefined) return known
  const date = new Date(days * DAY_MS).toISOString().slice(0, -TIME.length)
  if (dates.size < DATES_MAX) dates.set(days, date)
  return date
}

const TIME = 'T00:00:00.000Z'
