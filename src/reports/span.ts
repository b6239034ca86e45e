import {
  addMonths,
  firstOfMonth,
  type Instant,
  type LocalDate,
  localDate,
  monthOf,
} from '../kernel/calendar.ts'
import { invalid } from '../kernel/problem.ts'

/** Both ends belong to it. */
export type Span = { from: string; to: string }
type Asked = { from?: string | undefined; to?: string | undefined }

const MONTHS_DEFAULT = 12
const MONTHS_MAX = 120

/** The day that a report is of where none is given. */
export const today = (now: Instant): LocalDate => localDate(now, 'UTC')

/** Days; by default the month of the last one, up to it. Throws `span_ends_before_it_begins`. */
export function spanOfDays({ from, to }: Asked, now: Instant): Span {
  const last = to ?? today(now)
  return inOrder({ from: from ?? firstOfMonth(last), to: last })
}

/**
 * Months, `YYYY-MM`; by default the twelve up to the current one. Throws `span_ends_before_it_begins`, and
 * `span_too_long` beyond ten years.
 */
export function spanOfMonths({ from, to }: Asked, now: Instant): Span {
  const last = to ?? monthOf(today(now))
  const span = inOrder({ from: from ?? monthsBefore(last, MONTHS_DEFAULT - 1), to: last })
  if (span.from > monthsBefore(last, MONTHS_MAX)) return span
  throw invalid('span_too_long', `Ask for ${MONTHS_MAX} months at the most.`, [
    { path: 'from', message: `must be within ${MONTHS_MAX} months of to` },
  ])
}

const monthsBefore = (month: string, months: number): string => monthOf(addMonths(`${month}-01`, -months))

function inOrder(span: Span): Span {
  if (span.from <= span.to) return span
  throw invalid('span_ends_before_it_begins', `The span from ${span.from} to ${span.to} holds nothing.`, [
    { path: 'from', message: `must not be after ${span.to}` },
  ])
}
