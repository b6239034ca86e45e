import { addDays, daysBetween, isLocalDate, type LocalDate, toIso } from '../kernel/calendar.ts'
import { invalid } from '../kernel/problem.ts'
import { formatDecimal } from '../kernel/rational.ts'
import { type Cycled, cycleTermsOf } from './periods/own-cycle.ts'
import { type ProrationTerms, prorationFactor } from './periods/proration.ts'
import {
  boundaryDate,
  boundaryFrom,
  type CloseTerms,
  type CycleTerms,
  closeInstant,
  cycleOn,
  cyclePeriod,
  type DatePeriod,
  fullCyclePeriod,
  lastBoundary,
} from './periods/schedule.ts'
import { instantOf } from './periods/zone.ts'

export const PERIODS_MAX = 500
const PERIODS_DEFAULT = 12

/** What of the terms a preview of periods needs. */
export type PreviewTerms = CloseTerms &
  ProrationTerms & {
    /** The first day that is paid for, after a trial. */
    trial_end_date?: LocalDate | undefined
  }

/**
 * The numbers of the cycles asked for: the one that holds a date, or the first ones. Throws `periods_out_of_range` where
 * these would end after the year 9999.
 */
export function cycleNumbers(
  terms: CycleTerms,
  at: LocalDate | undefined,
  count = PERIODS_DEFAULT,
): number[] {
  if (at !== undefined) return isInForce(terms, at) ? [boundaryFrom(terms, addDays(at, 1))] : []
  const last = lastBoundary(terms)
  const length = last === null ? count : Math.min(count, last)
  if (!isLocalDate(boundaryDate(terms, length))) throw outOfRange()
  return Array.from({ length }, (_, place) => place + 1)
}

/**
 * A cycle with its dates, its instants in the contract's zone, and the part of a full cycle that it is; the n-th one of a
 * product, where it has a cycle of its own. It is billed at boundaries of the contract.
 */
export function describeCycle(contract: PreviewTerms, n: number, product: Cycled = {}) {
  const terms = cycleTermsOf(contract, product)
  const { start, end } = cyclePeriod(terms, n)
  const full = fullCyclePeriod(terms, n)
  return {
    start,
    end,
    start_at: toIso(instantOf(terms, start)),
    end_at: toIso(instantOf(terms, end)),
    issue_at: toIso(closeInstant(contract, boundaryFrom(contract, end))),
    ...(product.billing_cycle && {
      issue_in_advance_at: toIso(closeInstant(contract, cycleOn(contract, start) - 1)),
    }),
    days: daysBetween(start, end),
    full_days: daysBetween(full.start, full.end),
    ...(terms.trial_end_date && { trial_days: trialDays(terms.trial_end_date, { start, end }) }),
    factor: formatDecimal(prorationFactor(terms, n, terms.trial_end_date ?? null, null)),
  }
}

/** Days of the cycle that are free; they count among its days. */
function trialDays(trialEnd: LocalDate, { start, end }: DatePeriod): number {
  if (trialEnd <= start) return 0
  return Math.min(daysBetween(start, trialEnd), daysBetween(start, end))
}

const outOfRange = () =>
  invalid('periods_out_of_range', 'These periods run past the year 9999; ask for fewer of them.', [
    { path: 'count', message: 'must be smaller for periods of this length' },
  ])

const isInForce = ({ start_date, end_date }: CycleTerms, date: LocalDate): boolean =>
  start_date <= date && (end_date === null || date < end_date)
