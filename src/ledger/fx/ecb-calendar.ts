import {
  addDays,
  type Instant,
  type LocalDate,
  localDate,
  mondayOf,
  startOfDay,
} from '../../kernel/calendar.ts'

const ZONE = 'Europe/Berlin'

/** The bank publishes around 16:00 in Frankfurt; a quarter of an hour later everybody has it. */
const PUBLISHED_AFTER_MS = 16.25 * 3_600_000

/**
 * The latest day whose reference rates the European Central Bank has published: its working days are those of TARGET,
 * Monday to Friday without 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December.
 *
 * @example lastDayPublished of Monday, 23 November 2026, 12:00 UTC: Friday, 2026-11-20
 */
export function lastDayPublished(at: Instant): LocalDate {
  const today = localDate(at, ZONE)
  let day = at - startOfDay(today, ZONE) >= PUBLISHED_AFTER_MS ? today : addDays(today, -1)
  while (!isWorkingDay(day)) day = addDays(day, -1)
  return day
}

/** The working day before a day. */
export function workingDayBefore(date: LocalDate): LocalDate {
  let day = addDays(date, -1)
  while (!isWorkingDay(day)) day = addDays(day, -1)
  return day
}

const FIXED_HOLIDAYS = ['01-01', '05-01', '12-25', '12-26']

function isWorkingDay(day: LocalDate): boolean {
  if (day >= addDays(mondayOf(day), 5) || FIXED_HOLIDAYS.includes(day.slice(5))) return false
  const easter = easterSunday(Number(day.slice(0, 4)))
  return day !== addDays(easter, -2) && day !== addDays(easter, 1)
}

/** Easter by the Gregorian computus, as it was first printed in Nature, 20 April 1876. */
function easterSunday(year: number): LocalDate {
  const century = Math.floor(year / 100)
  const moonLag = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3)
  const epact = (19 * (year % 19) + century - Math.floor(century / 4) - moonLag + 15) % 30
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor((year % 100) / 4) - epact - (year % 4)) % 7
  const late = Math.floor(((year % 19) + 11 * epact + 22 * weekday) / 451)
  return addDays(`${year}-03-22`, epact + weekday - 7 * late)
}
