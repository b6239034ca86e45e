import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import { allocate, type Minor, sum } from '../../kernel/money.ts'
import { invalid } from '../../kernel/problem.ts'
import { add, compare, ONE, rational, ZERO } from '../../kernel/rational.ts'
import { type Share, splitShares, wholeShare } from '../allocation/share.ts'
import type { RevenuePolicy } from '../policy.ts'
import {
  allocatedTo,
  currentSegment,
  donePart,
  type Line,
  openingOn,
  withSegment,
} from '../recognition/line.ts'
import { ENDED } from '../recognition/progress.ts'
import type { Amendment, Treatment } from './amendment.ts'
import { type ContractState, type Stage, withLines } from './contract-state.ts'
import { type Promised, promisesAfter } from './promises-after.ts'
import { catchesUp, type Scope } from './scope.ts'

/**
 * What is left of the price, and its change, divided by what remains of the selling prices. A distinct remainder earns
 * its part from the date on; of the others price and progress are measured anew. With nothing left to deliver, or a
 * price cut beyond what is left, it is the price of the past that changes, at once. A cut changes it for all that was
 * delivered under the contract, satisfied obligations too, in proportion to the revenue of each (ASC 606-10-32-42 to 32-45,
 * IFRS 15.87 to 90): of a price that stays above zero no obligation then falls below it. Throws `nothing_left_to_price`
 * where everything was delivered before.
 *
 * @example set-up 60.00, given; support 40.00, half given; 50.00 less: the 20.00 that are left, then 22.50 of the set-up's
 *   60.00 and 7.50 of the support's 20.00
 */
export function dividedAnew(
  state: ContractState,
  amendment: Amendment,
  scope: Scope,
  treatment: Exclude<Treatment, 'separate_contract'>,
  policy: RevenuePolicy,
): { state: ContractState; changesThePast: boolean } {
  const { date } = amendment
  const before = [...scope.open, ...scope.removed]
  const promised = promisesAfter(state, amendment, scope, policy)
  const { pool, atOnce, behind } = dividedPrice(state, before, promised, amendment)
  const ofPast = ({ key }: Line) => atOnce.get(key) ?? 0n
  const shares = splitShares(
    pool,
    promised.map(({ weight }) => weight),
  )
  const ended = scope.removed.map((line) => endedLine(line, date, ofPast(line)))
  const going = promised.map((promise, place) =>
    goesOn(promise, shares[place]!, ofPast(promise.line), amendment, treatment),
  )
  const cheaper = behind.map((line) => repriced(line, date, ofPast(line)))
  const stage = stageOf(amendment, before, promised, { contract: scope.contract, treatment })
  return {
    state: { ...withLines(state, [...ended, ...going, ...cheaper]), stages: [...state.stages, stage] },
    changesThePast: [...atOnce.values()].some((part) => part !== 0n),
  }
}

/** `pool` is for what is promised from the date on; `atOnce` what the price of the past changes by, of `behind` too. */
type DividedPrice = { pool: Minor; atOnce: ReadonlyMap<string, Minor>; behind: Line[] }

function dividedPrice(
  state: ContractState,
  before: readonly Line[],
  promised: readonly Promised[],
  { date, adds, priceChange }: Amendment,
): DividedPrice {
  const earnedBy = (lines: readonly Line[]) => sum(lines.map((line) => openingOn(line, date)))
  const left = sum(before.map(allocatedTo)) - earnedBy(before)
  const pool = left + priceChange
  const isDone = ({ progress }: Promised) => compare(progress.through(addDays(date, -1)), ONE) >= 0
  const isOver = adds.length === 0 && promised.every(isDone)
  const beside = satisfiedBeside(state, before)
  const earned = earnedBy([...before, ...beside])
  const isBeyond = isOver || isCutOf(left, pool) || (left === 0n && isCutOf(earned, pool))
  if (!isBeyond) return { pool, atOnce: new Map(), behind: [] }
  const behind = beside.filter((line) => isCutOf(openingOn(line, date), pool))
  return { pool: 0n, atOnce: spreadOverPast(pool, [...before, ...behind], date), behind }
}

/** True where a change takes away from an amount; below zero all is mirrored. */
const isCutOf = (amount: Minor, change: Minor): boolean =>
  (amount > 0n && change < 0n) || (amount < 0n && change > 0n)

/** What else was promised under the same contracts, and is satisfied or has ended. */
function satisfiedBeside({ lines }: ContractState, before: readonly Line[]): Line[] {
  const contracts = new Set(before.map(({ contract }) => contract))
  const keys = new Set(before.map(({ key }) => key))
  return lines.filter((line) => contracts.has(line.contract) && !keys.has(line.key))
}

/** Divides by what each has earned: it is the price of the past that changes. */
function spreadOverPast(amount: Minor, lines: readonly Line[], date: string): Map<string, Minor> {
  if (lines.length === 0 && amount !== 0n) {
    throw invalid('nothing_left_to_price', 'Everything is delivered; give a change of its price as credits.')
  }
  const earned = lines.map((line) => openingOn(line, date)).map((minor) => (minor < 0n ? -minor : minor))
  return new Map(allocate(amount, earned).map((part, place) => [lines[place]!.key, part]))
}

/** Nothing is left of it to earn: its price is what it has earned, and what changes of that. */
const repriced = (line: Line, date: LocalDate, atOnce: Minor): Line =>
  withSegment(line, {
    ...currentSegment(line),
    from: date,
    earned: openingOn(line, date) + atOnce,
    pool: wholeShare(0n),
    done: ONE,
  })

const endedLine = (line: Line, date: string, atOnce: Minor): Line =>
  withSegment(line, {
    from: date,
    earned: openingOn(line, date) + atOnce,
    pool: wholeShare(0n),
    progress: ENDED,
    done: ONE,
  })

function goesOn(
  { line, progress, opening }: Promised,
  share: Share,
  atOnce: Minor,
  { date }: Amendment,
  treatment: Treatment,
): Line {
  const isAnew = treatment === 'catch_up' || (treatment === 'mixed' && catchesUp(line, { date }))
  const segment = isAnew
    ? { earned: 0n, pool: plus(share, opening + atOnce), done: ZERO }
    : { earned: opening + atOnce, pool: share, done: progress.through(addDays(date, -1)) }
  return withSegment(line, { ...segment, from: date, progress })
}

const plus = ({ exact, minor }: Share, more: Minor): Share => ({
  exact: add(exact, rational(more)),
  minor: minor + more,
})

const stageOf = (
  { date }: Amendment,
  before: readonly Line[],
  promised: readonly Promised[],
  made: Pick<Stage, 'contract' | 'treatment'>,
): Stage => ({
  ...made,
  weights: promised.map(({ line, weight }) => ({ key: line.key, weight })),
  behind: new Map(before.map((line) => [line.key, donePart(line, date)])),
})
