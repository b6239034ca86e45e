import { ONE, ZERO } from '../../kernel/rational.ts'
import type { Measure, Progress } from './measure.ts'
import { extentOf, stepsOf } from './steps.ts'
import { progressOverTime } from './time-spans.ts'

/**
 * Turns a measure into progress. Time goes by whole days; everything else goes in steps, on the days on which something
 * happens. Throws a RangeError for a service that ends before it begins and for an expected total of nothing.
 *
 * @example daily from 2026-01-01 to 2026-01-11: 1/10 through 2026-01-01, 1 through 2026-01-10
 */
export function progressOf(measure: Measure): Progress {
  if ('start' in measure) return progressOverTime(measure)
  const steps = stepsOf(measure)
  return {
    through: (date) => steps.findLast((step) => step.date <= date)?.reached ?? ZERO,
    dates: steps.map(({ date }) => date),
    extent: extentOf(measure),
  }
}

/** The progress of what has ended: all of it is behind. */
export const ENDED: Progress = { through: () => ONE, dates: [], extent: ZERO }
