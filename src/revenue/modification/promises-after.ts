import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import { invalid } from '../../kernel/problem.ts'
import {
  compare,
  divide,
  multiply,
  ONE,
  type Rational,
  rational,
  reduce,
  subtract,
} from '../../kernel/rational.ts'
import { wholeShare } from '../allocation/share.ts'
import { type KnownSsp, sspPoint } from '../allocation/ssp.ts'
import type { RevenuePolicy } from '../policy.ts'
import { currentSegment, type Line, openingOn } from '../recognition/line.ts'
import type { Progress } from '../recognition/measure.ts'
import { progressOf } from '../recognition/progress.ts'
import type { Amendment, ChangedPromise, PromisedService } from './amendment.ts'
import { type ContractState, isEnded } from './contract-state.ts'
import type { Scope } from './scope.ts'

/** An obligation as an amendment leaves it; its segments are still those from before. */
export type Promised = {
  line: Line
  progress: Progress
  /** Stand-alone selling price of what remains, less a discount that belongs to it: it weighs in the division. */
  weight: Rational
  /** Revenue when the day of the amendment begins. */
  opening: Minor
}

/**
 * What is promised after an amendment: the obligations that go on, as it changes them, then those it adds. Of a changed
 * one the selling price grows and shrinks with what is promised in all, unless the price of the rest is stated.
 */
export function promisesAfter(
  state: ContractState,
  { date, adds, changes }: Amendment,
  { open, contract }: Scope,
  policy: RevenuePolicy,
): Promised[] {
  const changeOf = new Map(changes.map((change) => [change.key, change]))
  return [
    ...open.map((line) => changed({ ...line, contract }, changeOf.get(line.key), date)),
    ...adds.map((added) => joining({ ...state, contract }, added, date, policy)),
  ]
}

function changed(line: Line, change: ChangedPromise | undefined, date: LocalDate): Promised {
  const before = currentSegment(line).progress
  if (isEnded(line)) {
    throw invalid('obligation_ended', `"${line.key}" has ended; send it under "adds" to take it up again.`)
  }
  const measure = change?.measure ?? line.measure
  const progress = change?.measure ? progressOf(change.measure) : before
  const ssp = reduce(multiply(line.ssp, divide(progress.extent, before.extent)))
  const left = subtract(ONE, progress.through(addDays(date, -1)))
  const remaining = change?.remainingSsp ?? multiply(ssp, left)
  const isRepriced = change?.remainingSsp && compare(left, rational(0n)) > 0
  return {
    line: { ...line, measure, ssp: isRepriced ? divide(remaining, left) : ssp },
    progress,
    weight: multiply(remaining, line.net),
    opening: openingOn(line, date),
  }
}

/** An added promise; where an ended one comes back under its key, it goes on from what that had earned. */
function joining(
  { lines, contract }: Pick<ContractState, 'lines'> & Pick<Line, 'contract'>,
  { key, ssp, measure, isSeries }: PromisedService<KnownSsp>,
  date: LocalDate,
  policy: RevenuePolicy,
): Promised {
  const progress = progressOf(measure)
  const done = progress.through(addDays(date, -1))
  const ended = lines.find((line) => line.key === key)
  const point = sspPoint(ssp, policy)
  const promise = { key, ssp: point, net: ONE, measure, isSeries, contract, rounding: policy.rounding }
  const empty = { from: date, earned: 0n, pool: wholeShare(0n), progress, done }
  return {
    line: { ...promise, segments: ended?.segments ?? [empty] },
    progress,
    weight: multiply(point, subtract(ONE, done)),
    opening: ended ? openingOn(ended, date) : 0n,
  }
}
