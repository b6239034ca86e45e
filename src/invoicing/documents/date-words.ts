import { addDays, type LocalDate } from '../../kernel/calendar.ts'

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]

/** `31 January 2026`. Written here and not by Intl, whose blanks and dashes differ from one runtime to the next. */
export const dateInWords = (date: LocalDate): string => partsOf(date).join(' ')

/** A half-open period as people say it, with its last day: `1 – 31 January 2026`. */
export function periodInWords(start: LocalDate, end: LocalDate): string {
  const last = addDays(end, -1)
  if (start >= last) return dateInWords(start)
  const [day, month, year] = partsOf(start)
  const [, lastMonth, lastYear] = partsOf(last)
  const from = year !== lastYear ? [day, month, year] : month !== lastMonth ? [day, month] : [day]
  return `${from.join(' ')} – ${dateInWords(last)}`
}

function partsOf(date: LocalDate): [day: string, month: string, year: string] {
  const [year = '', month = '', day = ''] = date.split('-')
  return [String(Number(day)), MONTHS[Number(month) - 1] ?? '', year]
}
