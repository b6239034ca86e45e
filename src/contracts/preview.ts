import { addDays, daysBetween, type LocalDate, startOfDay, toIso } from '../kernel/calendar.ts'
import { formatDecimal } from '../kernel/rational.ts'
import { prorationFactor } from './proration.ts'
import {
  boundaryFrom,
  type CloseTerms,
  closeInstant,
  cyclePeriod,
  fullCyclePeriod,
  lastBoundary,
} from './schedule.ts'

export const PERIODS_MAX = 500
const PERIODS_DEFAULT = 12

/** The numbers of the cycles asked for: the one that holds a date, or the first ones. */
export function cycleNumbers(
  terms: CloseTerms,
  at: LocalDate | undefined,
  count = PERIODS_DEFAULT,
): number[] {
  if (at !== undefined) return isInForce(terms, at) ? [boundaryFrom(terms, addDays(at, 1))] : []
  const last = lastBoundary(terms)
  const length = last === null ? count : Math.min(count, last)
  return Array.from({ length }, (_, place) => place + 1)
}

/** A cycle with its dates, its instants in the contract's zone, and the part of a full cycle that it is. */
export function describeCycle(terms: CloseTerms, n: number) {
  const { start, end } = cyclePeriod(terms, n)
  const full = fullCyclePeriod(terms, n)
  return {
    start,
    end,
    start_at: toIso(startOfDay(start, terms.timezone)),
    end_at: toIso(startOfDay(end, terms.timezone)),
    issue_at: toIso(closeInstant(terms, n)),
    days: daysBetween(start, end),
    full_days: daysBetween(full.start, full.end),
    factor: formatDecimal(prorationFactor(terms, n, null, null)),
  }
}

const isInForce = ({ start_date, end_date }: CloseTerms, date: LocalDate): boolean =>
  start_date <= date && (end_date === null || date < end_date)
