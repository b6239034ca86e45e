import type { LocalDate } from '../../kernel/calendar.ts'
import { add, divide, min, ONE, type Rational, reduce, sum, ZERO } from '../../kernel/rational.ts'
import type { Measure } from './measure.ts'

/** Progress that has been reached by the end of a day. */
type Step = { date: LocalDate; reached: Rational }

type SteppedMeasure = Exclude<Measure, { start: LocalDate }>
type Units = Extract<Measure, { by: 'units' }>
type Milestones = Extract<Measure, { by: 'milestones' }>

/** The days on which progress changes, ascending, with the progress reached on each. */
export function stepsOf(measure: SteppedMeasure): Step[] {
  if (measure.by === 'units') return unitSteps(measure)
  if (measure.by === 'milestones') return milestoneSteps(measure)
  return measure.date === undefined ? [] : [{ date: measure.date, reached: ONE }]
}

/** How much is promised in all: units, weights of milestones, or the one thing handed over. */
export function extentOf(measure: SteppedMeasure): Rational {
  if (measure.by === 'units') return measure.totals.at(-1)?.quantity ?? ZERO
  if (measure.by === 'milestones') return sum(measure.milestones.map(({ weight }) => weight))
  return ONE
}

/**
 * Delivered so far out of the total expected by then, and never more than all of it. A revised total moves the progress
 * on its own day (ASC 606-10-25-35, IFRS 15.43). Credits that expire are all earned by then (ASC 606-10-55-48, IFRS
 * 15.B46); with fewer expected to be used than were sold, their breakage is earned in proportion to use.
 */
function unitSteps({ deliveries, totals, expires }: Units): Step[] {
  const byDate = deliveries.toSorted((a, b) => (a.date < b.date ? -1 : 1))
  const dates = [...byDate.map(({ date }) => date), ...totals.slice(1).map(({ from }) => from)]
  const until = expires === undefined ? dates : dates.filter((date) => date < expires)
  let next = 0
  let delivered = ZERO
  const steps = ascending(until).map((date) => {
    while (byDate[next] && byDate[next]!.date <= date) delivered = add(delivered, byDate[next++]!.quantity)
    const total = totals.findLast(({ from }) => from <= date) ?? totals[0]!
    return { date, reached: min(reduce(divide(delivered, total.quantity)), ONE) }
  })
  return expires === undefined ? steps : [...steps, { date: expires, reached: ONE }]
}

function milestoneSteps({ milestones }: Milestones): Step[] {
  const all = sum(milestones.map(({ weight }) => weight))
  return ascending(milestones.flatMap(({ date }) => date ?? [])).map((date) => {
    const reached = milestones.filter((milestone) => milestone.date !== undefined && milestone.date <= date)
    return { date, reached: divide(sum(reached.map(({ weight }) => weight)), all) }
  })
}

const ascending = (dates: readonly LocalDate[]): LocalDate[] => [...new Set(dates)].sort()
