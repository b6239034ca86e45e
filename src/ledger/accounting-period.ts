import { addDays, addMonths, firstOfMonth, type LocalDate, monthOf } from '../kernel/calendar.ts'
import { conflict } from '../kernel/problem.ts'
import type { JournalEntry } from './journal-entry.ts'

/** Open takes every entry; soft-locked those that jobs post, and none by people; locked takes none. */
export const PERIOD_STATUSES = ['open', 'soft_locked', 'locked'] as const

export type PeriodStatus = (typeof PERIOD_STATUSES)[number]

/** A month (`2026-01`) of the books of one legal entity. */
export type AccountingPeriod = { entityRef: string; month: string; status: PeriodStatus }

/** The periods that are not open, by entity and month. */
export type ClosedPeriods = ReadonlyMap<string, ReadonlyMap<string, PeriodStatus>>

/** For what is posted today: a month is closed only when it is over, so today's is open. */
export const NOTHING_CLOSED: ClosedPeriods = new Map()

export const closedPeriodsOf = (periods: readonly AccountingPeriod[]): ClosedPeriods =>
  new Map(
    [...Map.groupBy(periods, ({ entityRef }) => entityRef)].map(([entityRef, months]) => [
      entityRef,
      new Map(months.map(({ month, status }) => [month, status])),
    ]),
  )

/**
 * The entry as it may be posted: under its own date where that month is open to it, otherwise under the first day of the
 * first later month that is. An entry that is moved keeps its own date in `belongsTo`; amounts and id never change.
 *
 * @example January and February locked: an entry of 2026-01-31 is posted on 2026-03-01, and belongs to 2026-01-31
 */
export function inOpenPeriod(entry: JournalEntry, closed: ClosedPeriods): JournalEntry {
  const months = closed.get(entry.entityRef)
  const takesIt = (date: LocalDate) => {
    const status = months?.get(monthOf(date)) ?? 'open'
    return status === 'open' || (status === 'soft_locked' && entry.postedBy === undefined)
  }
  let postingDate = entry.postingDate
  while (!takesIt(postingDate)) postingDate = addMonths(firstOfMonth(postingDate), 1)
  return postingDate === entry.postingDate ? entry : { ...entry, postingDate, belongsTo: entry.postingDate }
}

/** The last day of a month: 2026-02-28 of `2026-02`. */
export const lastDayOf = (month: string): LocalDate => addDays(addMonths(`${month}-01`, 1), -1)

/**
 * Throws `period_not_over` for a month that still runs on a day. Late entries go to the first open month: while today's
 * is always open, none is posted ahead of its time.
 */
export function refuseRunning(entityRef: string, month: string, today: LocalDate): void {
  if (month < monthOf(today)) return
  throw conflict(
    'period_not_over',
    `The month ${month} is not over where "${entityRef}" keeps its books; close it once it is.`,
  )
}
