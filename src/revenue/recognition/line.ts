import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import {
  compare,
  divide,
  ONE,
  type Rational,
  type RoundingMode,
  subtract,
  ZERO,
} from '../../kernel/rational.ts'
import { type Share, shareAt } from '../allocation/share.ts'
import type { Measure, Progress } from './measure.ts'

/**
 * From a day on an obligation earns `pool` over what was then left of its progress, on top of what it had earned. Each
 * modification and each change of the price begins another segment, so the past stays as it was.
 */
export type Segment = {
  from: LocalDate
  /** Earned before, and what the change itself earned or took back at once; minor units. */
  earned: Minor
  pool: Share
  progress: Progress
  /** Progress that was behind when the pool was set: nothing of the pool belongs to it. */
  done: Rational
}

/** An obligation with the price allocated to it over time. */
export type Line = {
  key: string
  /** Stand-alone selling price of all that is promised, in exact minor units. */
  ssp: Rational
  /** The part of it that weighs when what is left is divided anew: one, less a discount that belongs to it alone. */
  net: Rational
  /** Each day or unit is distinct from those before it (a series, or separate goods), so what remains is too. */
  isSeries: boolean
  measure: Measure
  /** The contract that it is accounted for in: 0, or a later number for a modification that is a separate contract. */
  contract: number
  rounding: RoundingMode
  segments: readonly [Segment, ...Segment[]]
}

/** Revenue of one obligation on one day. A catch-up belongs to service given before. */
export type Portion = { date: LocalDate; key: string; amount: Minor; cause: 'performance' | 'catch_up' }

/** Before any date that can be written. */
export const BEGINNING: LocalDate = '0000-01-01'

export const firstSegment = (pool: Share, progress: Progress): Segment => ({
  from: BEGINNING,
  earned: 0n,
  pool,
  progress,
  done: ZERO,
})

export const currentSegment = ({ segments }: Line): Segment => segments.at(-1)!

/** The price allocated to the obligation, in minor units. */
export function allocatedTo(line: Line): Minor {
  const { earned, pool } = currentSegment(line)
  return earned + pool.minor
}

/** Revenue up to the end of a day: what was earned before the segment, and `round(pool × progress)` of it. */
export function recognisedThrough(line: Line, date: LocalDate): Minor {
  const segment = line.segments.findLast(({ from }) => from <= date)
  return segment ? earnedIn(segment, segment.progress.through(date), line.rounding) : 0n
}

/** Revenue when a day begins, with what changes of that very day have already earned or taken back. */
export function openingOn(line: Line, date: LocalDate): Minor {
  const segment = currentSegment(line)
  return earnedIn(segment, segment.progress.through(addDays(date, -1)), line.rounding)
}

/** The part of the current pool that is behind when a day begins, from 0 to 1. */
export function donePart(line: Line, date: LocalDate): Rational {
  const { progress, done } = currentSegment(line)
  return sinceThen(progress.through(addDays(date, -1)), done)
}

export const withSegment = (line: Line, segment: Segment): Line => ({
  ...line,
  segments: [...line.segments, segment],
})

function earnedIn({ earned, pool, done }: Segment, progress: Rational, rounding: RoundingMode): Minor {
  return earned + shareAt(pool, sinceThen(progress, done), rounding)
}

const sinceThen = (progress: Rational, done: Rational): Rational =>
  compare(done, ONE) >= 0 ? ONE : divide(subtract(progress, done), subtract(ONE, done))

/**
 * All the revenue of an obligation as portions by date, ascending. They are differences of what is recognised up to each
 * date, so they add up to it exactly, and to the allocated price when the obligation is satisfied.
 */
export function portionsOf(line: Line): Portion[] {
  const portions: Portion[] = []
  let recognised = 0n
  const book = (date: LocalDate, upTo: Minor, cause: Portion['cause']) => {
    if (upTo !== recognised) portions.push({ date, key: line.key, amount: upTo - recognised, cause })
    recognised = upTo
  }
  for (const [place, segment] of line.segments.entries()) {
    const at = (date: LocalDate) => earnedIn(segment, segment.progress.through(date), line.rounding)
    if (segment.from !== BEGINNING) book(segment.from, at(addDays(segment.from, -1)), 'catch_up')
    for (const date of datesIn(segment, line.segments[place + 1]?.from)) book(date, at(date), 'performance')
  }
  return portions
}

/** The dates of a segment before the next one begins, and the last day before that: months are cut there. */
function datesIn({ from, progress }: Segment, until: LocalDate | undefined): LocalDate[] {
  const own = progress.dates.filter((date) => date >= from && (until === undefined || date < until))
  return until === undefined || until <= from ? own : [...own, addDays(until, -1)]
}
