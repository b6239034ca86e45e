import { addDays, addMonths, daysBetween, type Instant, type LocalDate } from '../../kernel/calendar.ts'
import type { BillingCycle, ContractTerms, CycleUnit } from '../contract.ts'
import { instantOf, type ZoneTerms } from './zone.ts'

/** Half-open local dates: `end` is the first day that no longer belongs. */
export type DatePeriod = { start: LocalDate; end: LocalDate }

/** What of the terms decides where the cycles lie. */
export type CycleTerms = Pick<ContractTerms, 'start_date' | 'end_date' | 'anchor_date' | 'billing_cycle'>

/** What of the terms decides when the invoice of a boundary is made. */
export type CloseTerms = CycleTerms & ZoneTerms & Pick<ContractTerms, 'issue_offset_days' | 'grace_hours'>

/** The last date that terms may name: cycles counted from any date up to here have dates of four-digit years. */
export const LAST_DATE: LocalDate = '2999-12-31'

const HOUR_MS = 3_600_000

const STEP: Record<CycleUnit, { days: number } | { months: number }> = {
  DAILY: { days: 1 },
  WEEKLY: { days: 7 },
  MONTHLY: { months: 1 },
  QUARTERLY: { months: 3 },
  HALF_YEARLY: { months: 6 },
  YEARLY: { months: 12 },
}
const DAYS_OF_MONTH = 30.436875

/** How many months a cycle has; undefined for one of days or weeks. */
export function monthsOfCycle({ unit, cycle }: BillingCycle): number | undefined {
  const step = STEP[unit]
  return 'months' in step ? step.months * cycle : undefined
}

/**
 * The k-th boundary of a contract's billing cycles: 0 is its start, k the end of the k-th cycle. Each is counted from
 * the anchor and never from the boundary before, so a day that a short month lacks comes back in the next one:
 * 31 January, 28 February, 31 March. Where the anchor is not the start, the first cycle is the short one up to the
 * anchor's next boundary; the end of the contract cuts the last, and all later boundaries are that end.
 */
export function boundaryDate(terms: CycleTerms, k: number): LocalDate {
  const date = k <= 0 ? terms.start_date : gridDate(terms, firstStep(terms) + k - 1)
  return terms.end_date !== null && date > terms.end_date ? terms.end_date : date
}

/** The n-th cycle (n >= 1), from boundary n-1 to boundary n. Empty after the end of the contract. */
export const cyclePeriod = (terms: CycleTerms, n: number): DatePeriod => ({
  start: boundaryDate(terms, n - 1),
  end: boundaryDate(terms, n),
})

/** The n-th cycle as the anchor lays it, not cut by the contract's start or end: the divisor of a proration. */
export function fullCyclePeriod(terms: CycleTerms, n: number): DatePeriod {
  const step = firstStep(terms) + n - 1
  return { start: gridDate(terms, step - 1), end: gridDate(terms, step) }
}

/** The number of the last boundary, the contract's end; null while it has none. */
export function lastBoundary(terms: CycleTerms): number | null {
  return terms.end_date === null ? null : boundaryFrom(terms, terms.end_date)
}

/** The number of the first boundary on or after `date`, as if the contract had no end. */
export function boundaryFrom(terms: CycleTerms, date: LocalDate): number {
  if (date <= terms.start_date) return 0
  const step = stepAfter(terms, date)
  const onBoundary = gridDate(terms, step - 1) === date
  return Math.max(1, step - (onBoundary ? 1 : 0) - firstStep(terms) + 1)
}

/** The number of the cycle that holds a date, as if the contract had no end; 1 for the days before its start. */
export const cycleOn = (terms: CycleTerms, date: LocalDate): number =>
  Math.max(1, boundaryFrom(terms, addDays(date, 1)))

/** True where `a` is shorter than `b`; weeks and months by their mean lengths, so five weeks are longer than a month. */
export function isShorter(a: BillingCycle, b: BillingCycle): boolean {
  const [one, other] = [monthsOfCycle(a), monthsOfCycle(b)]
  return one !== undefined && other !== undefined ? one < other : meanDays(a) < meanDays(b)
}

/** When the invoice of boundary k is due to be made: local midnight of the issue date, and then the hours of grace. */
export const closeInstant = (terms: CloseTerms, k: number): Instant =>
  instantOf(terms, issueDate(terms, k)) + terms.grace_hours * HOUR_MS

/** The date that the invoice of boundary k carries. */
export const issueDate = (terms: CloseTerms, k: number): LocalDate =>
  addDays(boundaryDate(terms, k), terms.issue_offset_days)

/** The step of the anchor's grid that boundary 1 lies on: the first one after the start. */
const firstStep = (terms: CycleTerms): number =>
  terms.anchor_date === terms.start_date ? 1 : stepAfter(terms, terms.start_date)

function gridDate({ anchor_date, billing_cycle: { unit, cycle } }: CycleTerms, step: number): LocalDate {
  const length = STEP[unit]
  return 'days' in length
    ? addDays(anchor_date, step * cycle * length.days)
    : addMonths(anchor_date, step * cycle * length.months)
}

/** The first step of the grid after `date`: estimated by the mean length, then moved to the exact one. */
function stepAfter(terms: CycleTerms, date: LocalDate): number {
  let step = Math.floor(daysBetween(terms.anchor_date, date) / meanDays(terms.billing_cycle)) + 1
  while (gridDate(terms, step) <= date) step++
  while (gridDate(terms, step - 1) > date) step--
  return step
}

function meanDays({ unit, cycle }: BillingCycle): number {
  const length = STEP[unit]
  return cycle * ('days' in length ? length.days : length.months * DAYS_OF_MONTH)
}
