import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import { allocate, type Minor, sum } from '../../kernel/money.ts'
import { add, rational } from '../../kernel/rational.ts'
import { wholeShare } from '../allocation/share.ts'
import { allocatedTo, currentSegment, type Line, openingOn, withSegment } from '../recognition/line.ts'
import type { Amendment, Credit } from './amendment.ts'
import { type ContractState, lineOf, withLines } from './contract-state.ts'

/**
 * Takes price cuts off the obligations that they are for (ASC 606-10-32-42 to 32-44, IFRS 15.87 to 89). What was given is
 * cheaper at once, what is to come from the day on; where neither is known, by the progress of the obligation. Several
 * obligations of one product share a cut by what they have earned, or have left to earn. Throws `obligation_unknown`.
 *
 * @example 30 off for ten days of November on the 6th: 15 for the five that are over at once, 15 over the other five
 */
export const withCredits = (state: ContractState, { credits, date }: Amendment): ContractState =>
  credits.reduce(
    (so, credit) => withLines(so, CUT[credit.of](linesOf(so, credit), credit.amount, date)),
    state,
  )

type Cut = (lines: readonly Line[], amount: Minor, date: LocalDate) => Line[]

const CUT: Record<Credit['of'], Cut> = { given: cutGiven, to_come: cutToCome, all: cutByProgress }

function linesOf(state: ContractState, { keys }: Credit): Line[] {
  const lines = state.lines.filter(({ key }) => keys.includes(key))
  return lines.length > 0 ? lines : keys.map((key) => lineOf(state, key))
}

function cutGiven(lines: readonly Line[], amount: Minor, from: LocalDate): Line[] {
  const parts = allocate(
    amount,
    lines.map((line) => magnitude(openingOn(line, from))),
  )
  return lines.map((line, place) => {
    const segment = currentSegment(line)
    return withSegment(line, { ...segment, from, earned: segment.earned - parts[place]! })
  })
}

/** What goes beyond all that is left to earn is a cut of what was earned. */
function cutToCome(lines: readonly Line[], amount: Minor, from: LocalDate): Line[] {
  const left = lines.map((line) => allocatedTo(line) - openingOn(line, from))
  const open = left.map((minor) => (minor > 0n ? minor : 0n))
  const most = sum(open)
  const taken = amount < most ? amount : most
  const parts = allocate(taken, open)
  const cheaper = lines.map((line, place) => {
    const { progress } = currentSegment(line)
    return withSegment(line, {
      from,
      earned: openingOn(line, from),
      pool: wholeShare(left[place]! - parts[place]!),
      progress,
      done: progress.through(addDays(from, -1)),
    })
  })
  return amount > taken ? cutGiven(cheaper, amount - taken, from) : cheaper
}

function cutByProgress(lines: readonly Line[], amount: Minor, from: LocalDate): Line[] {
  const parts = allocate(
    amount,
    lines.map((line) => magnitude(allocatedTo(line))),
  )
  return lines.map((line, place) => {
    const { pool, ...segment } = currentSegment(line)
    const part = parts[place]!
    return withSegment(line, {
      ...segment,
      from,
      pool: { exact: add(pool.exact, rational(-part)), minor: pool.minor - part },
    })
  })
}

const magnitude = (minor: Minor): Minor => (minor < 0n ? -minor : minor)
