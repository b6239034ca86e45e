import { isLocalDate, type LocalDate } from '../kernel/calendar.ts'
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
