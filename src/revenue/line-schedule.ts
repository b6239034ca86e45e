import { addDays, type Instant, type LocalDate, monthOf, startOfDay } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import { type Minor, sum } from '../kernel/money.ts'
import type { Book } from '../ledger/journal-entry.ts'
import { entriesToPlan, type Posted, portionsBeyond } from './accounting/schedule-of.ts'
import { heldBack } from './recognition/held-back.ts'
import type { Portion } from './recognition/line.ts'
import type { PlannedSchedule, Schedule, UnscheduledLine } from './recognition.ts'
import { revenuePortions } from './schedule.ts'

/**
 * The schedules of invoice lines in their order, as far as `entriesMax` entries go, and of one line at least: the other
 * lines are left for another commit. `posted` is what was posted of lines that are planned anew.
 */
export function planSchedules(
  lines: readonly UnscheduledLine[],
  { now, entriesMax, posted = [] }: { now: Instant; entriesMax: number; posted?: readonly Posted[] },
): PlannedSchedule[] {
  const planned: PlannedSchedule[] = []
  let entries = 0
  for (const line of lines) {
    const plans = line.unmet ? planJudged(line, posted, now) : [planSchedule(line, now)]
    for (const plan of plans) entries += plan.entries.length
    if (planned.length > 0 && entries > entriesMax) break
    planned.push(...plans)
  }
  return planned
}

/** The schedule of an invoice line and its entries. An entry whose day is over already is due at once. */
export function planSchedule(line: UnscheduledLine, now: Instant): PlannedSchedule {
  const { lineId, bookedFrom, timezone } = line
  const entries = notBefore(bookedFrom, portionsOf(line)).map(({ date, amount, cause }) => ({
    id: `${lineId}:${date}`,
    lineId,
    month: monthOf(date),
    postingDate: date,
    amount,
    cause,
    dueAt: startOfDay(addDays(date, 1), timezone),
  }))
  return { schedule: scheduleOf(line, 'primary', now), entries }
}

/**
 * The schedules of a line whose contract was judged by the criteria: what is not held back, less what was posted, and in
 * the second book of an entity by how much the other framework has it otherwise.
 */
function planJudged(line: UnscheduledLine, posted: readonly Posted[], now: Instant): PlannedSchedule[] {
  const { primary: unmet, secondary: unmetOtherwise } = line.unmet ?? { primary: [] }
  const portions = portionsOf(line)
  const primary = notBefore(line.bookedFrom, heldBack(portions, unmet))
  const otherwise = unmetOtherwise && notBefore(line.bookedFrom, heldBack(portions, unmetOtherwise))
  const ids = { primary: line.lineId, secondary: otherBookId(line.lineId) }
  const planOf = (book: Book, own: readonly Portion[]): PlannedSchedule => {
    const lineId = ids[book]
    const before = posted.filter((one) => one.lineId === lineId)
    const entries = entriesToPlan([{ lineId, portions: own }], before, line.timezone)
    const amount = book === 'primary' ? line.amount : sum(own.map((portion) => portion.amount))
    return { schedule: { ...scheduleOf(line, book, now), lineId, amount }, entries }
  }
  const beyond = otherwise ? portionsBeyond(primary, otherwise) : []
  const isOtherwise = beyond.length > 0 || posted.some(({ lineId }) => lineId === ids.secondary)
  return [planOf('primary', primary), ...(isOtherwise ? [planOf('secondary', beyond)] : [])]
}

/** What of a line waits for a contract, of all that was given before a day, or taken back by then; by the primary book. */
export function heldBackBefore(line: UnscheduledLine, day: LocalDate): Minor {
  const portions = portionsOf(line)
  const before = (own: readonly Portion[]): Minor =>
    sum(
      notBefore(line.bookedFrom, own)
        .filter(({ date }) => date < day)
        .map(({ amount }) => amount),
    )
  return before(portions) - before(heldBack(portions, line.unmet?.primary ?? []))
}

/** The schedule of a line in the second book. */
export const otherBookId = (lineId: string): string => derivedId('obl', 'secondary', lineId)

const portionsOf = ({ method, ...line }: UnscheduledLine): Portion[] =>
  revenuePortions(line, method).map(({ postingDate: date, amount }) => ({
    date,
    key: line.lineId,
    amount,
    cause: 'performance',
  }))

const scheduleOf = (line: UnscheduledLine, book: Book, now: Instant): Schedule => ({
  ...line,
  book,
  bookedOn: null,
  createdAt: now,
})

/** What was earned before a day and is taken back is booked on that day: a month that was reported stays as it is. */
function notBefore(day: LocalDate | undefined, portions: readonly Portion[]): Portion[] {
  const [first] = portions
  if (day === undefined || first === undefined) return [...portions]
  const amount = sum(portions.filter(({ date }) => date <= day).map((past) => past.amount))
  const later = portions.filter(({ date }) => date > day)
  return amount === 0n ? later : [{ ...first, date: day, amount }, ...later]
}
