import { addDays } from '../../kernel/calendar.ts'
import { allocate, type Minor, sum } from '../../kernel/money.ts'
import { invalid } from '../../kernel/problem.ts'
import { add, rational } from '../../kernel/rational.ts'
import { allocatePrice } from '../allocation/allocate-price.ts'
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
import { ENDED, progressOf } from '../recognition/progress.ts'
import type { Amendment, Treatment } from './amendment.ts'
import { chooseTreatment, type TreatmentChoice } from './choose-treatment.ts'
import { type ContractState, lineOf, type Stage, withLines } from './contract-state.ts'
import { type Promised, promisesAfter } from './promises-after.ts'
import { catchesUp, type Scope, scopeOf, withoutIdle } from './scope.ts'

/**
 * Accounts for an amendment (ASC 606-10-25-10 to 25-13, IFRS 15.18 to 21), by `chooseTreatment`. What is allocated
 * changes by the price change less the credits, exactly; revenue before the date stays as it was.
 *
 * - separate contract: the added promises share the added price, the others notice nothing;
 * - otherwise what is not yet recognised and the price change form one pool, divided by what remains of the selling
 *   prices. A distinct remainder earns its part from the date on; of the others price and progress are measured anew.
 *
 * A credit is for service given already and reduces revenue at once. So does a price cut beyond what is left, and what
 * is kept when nothing is left to deliver is earned at once.
 */
export function applyAmendment(
  state: ContractState,
  asked: Amendment,
  policy: RevenuePolicy,
): { state: ContractState; choice: TreatmentChoice } {
  const amendment = withoutIdle(state, asked)
  const credited = withCredits(state, amendment)
  const scope = scopeOf(credited, amendment)
  const choice = chooseTreatment(amendment, scope, policy)
  if (changesNothing(amendment)) return { state: credited, choice }
  if (choice.treatment === 'separate_contract') return { state: joined(credited, amendment, policy), choice }
  return { state: dividedAnew(credited, amendment, scope, choice.treatment, policy), choice }
}

const changesNothing = ({ adds, changes, removes, priceChange }: Amendment): boolean =>
  adds.length + changes.length + removes.length === 0 && priceChange === 0n

const withCredits = (state: ContractState, { credits, date }: Amendment): ContractState =>
  credits.reduce((so, { key, amount }) => {
    const line = lineOf(so, key)
    const segment = currentSegment(line)
    return withLines(so, [withSegment(line, { ...segment, from: date, earned: segment.earned - amount })])
  }, state)

/** The added promises as a contract of their own. */
function joined(
  state: ContractState,
  { adds, changes, removes, priceChange, date }: Amendment,
  policy: RevenuePolicy,
) {
  if (adds.length === 0 || changes.length + removes.length > 0) {
    throw invalid(
      'treatment_impossible',
      'A separate contract can only add obligations; what changes or ends others needs another treatment.',
    )
  }
  const { shares, ssps } = allocatePrice({ price: priceChange, obligations: adds }, policy)
  const contract = Math.max(...state.lines.map((line) => line.contract)) + 1
  const lines = adds.map(({ key, measure, isSeries }, place): Line => {
    const segment = { ...wholeSegment(shares.get(key)!), from: date, progress: progressOf(measure) }
    const ssp = ssps[place]!
    return { key, ssp, measure, isSeries, contract, rounding: policy.rounding, segments: [segment] }
  })
  return withLines(state, lines)
}

const wholeSegment = (pool: Share) => ({ earned: 0n, pool, done: rational(0n) })

/** What is left of the price, and its change, divided among what is left to deliver. */
function dividedAnew(
  state: ContractState,
  amendment: Amendment,
  scope: Scope,
  treatment: Exclude<Treatment, 'separate_contract'>,
  policy: RevenuePolicy,
): ContractState {
  const { date, priceChange } = amendment
  const before = [...scope.open, ...scope.removed]
  const promised = promisesAfter(state, amendment, scope, policy)
  const left = sum(before.map((line) => allocatedTo(line) - openingOn(line, date)))
  const pool = left + priceChange
  const isBeyond = promised.length === 0 || (left > 0n && pool < 0n) || (left < 0n && pool > 0n)
  const atOnce = isBeyond ? spreadOverPast(pool, before, date) : new Map<string, Minor>()
  const shares = splitShares(
    isBeyond ? 0n : pool,
    promised.map(({ remaining }) => remaining),
  )
  const ended = scope.removed.map((line) => endedLine(line, date, atOnce.get(line.key) ?? 0n))
  const going = promised.map((promise, place) =>
    goesOn(promise, shares[place]!, atOnce.get(promise.line.key) ?? 0n, amendment, treatment),
  )
  return {
    ...withLines(state, [...ended, ...going]),
    stages: [...state.stages, stageOf(amendment, before, promised, treatment)],
  }
}

/** Divides by what each has earned: it is the price of the past that changes. */
function spreadOverPast(amount: Minor, lines: readonly Line[], date: string): Map<string, Minor> {
  if (lines.length === 0 && amount !== 0n) {
    throw invalid('nothing_left_to_price', 'Everything is delivered; give a change of its price as credits.')
  }
  const earned = lines.map((line) => openingOn(line, date)).map((minor) => (minor < 0n ? -minor : minor))
  return new Map(allocate(amount, earned).map((part, place) => [lines[place]!.key, part]))
}

const endedLine = (line: Line, date: string, atOnce: Minor): Line =>
  withSegment(line, {
    from: date,
    earned: openingOn(line, date) + atOnce,
    pool: wholeShare(0n),
    progress: ENDED,
    done: rational(1n),
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
    ? { earned: atOnce, pool: plus(share, opening), done: rational(0n) }
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
  treatment: Stage['treatment'],
): Stage => ({
  contract: Math.min(...before.map(({ contract }) => contract), ...promised.map(({ line }) => line.contract)),
  treatment,
  weights: promised.map(({ line, remaining }) => ({ key: line.key, weight: remaining })),
  behind: new Map(before.map((line) => [line.key, donePart(line, date)])),
})
