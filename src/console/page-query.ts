import { type Instant, isLocalDate, type LocalDate } from '../kernel/calendar.ts'
import type { Page } from '../kernel/page.ts'

const ROWS = 50

/** The part of a list that an address asks for. */
export const pageOfQuery = (query: Record<string, string>, limit = ROWS): Page => ({
  limit,
  cursor: query.cursor || undefined,
})

/** A date of the address; what is no date is as if it were not there. */
export const dateOfQuery = (text: string | undefined): LocalDate | undefined =>
  text && isLocalDate(text) ? text : undefined

/** An instant of the address in RFC 3339; what is none is as if it were not there. */
export function instantOfQuery(text: string | undefined): Instant | undefined {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? undefined : at
}
