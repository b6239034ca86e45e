import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import { type Balance, type Holding, heldOn, movesAfter, plus, settle, shareOf } from './holding.ts'

/** A part of a line that has an amount from earlier entries; `fresh` is what the rate of the day has to measure. */
export type Valued = { carried: Minor; fresh: Minor }

/** A line of a contract position against revenue: what it moves the position by, and what the revenue is worth. */
export type EarnedLine = { own: Valued; worth: Valued }

/**
 * How revenue of a day and the contract position are measured, whenever the run comes to it.
 *
 * - As far as the contract was in credit at the end of the day, revenue is that of an advance and has its rate (IFRIC 22.8,
 *   ASC 830-10-45-18): of what was billed up to that day, also where later invoices are measured already. Where revenue
 *   of later days is measured already, all that is left of the advances is one pool; so is, of contracts that became one
 *   later, what they held together then.
 * - What goes beyond that was earned before it is billed, and has the rate of its day (IAS 21.21, ASC 830-20-30-1). An
 *   invoice of a later day that is measured already is settled at its own rate; the difference is an exchange gain or
 *   loss, as it would be had the invoice come second.
 * - Revenue that is taken back returns to the advances at their rate; unbilled, it leaves at the rate of its day.
 *
 * @example 500.00 billed on 1 February at 1.20, then 300.00 that were earned on 31 January at 1.10: Dr position 360.00 /
 * Cr revenue 330.00, exchange gain 30.00
 */
export const earnedLine = (holding: Holding, amount: Minor, day: LocalDate): EarnedLine =>
  amount >= 0n ? earned(holding, amount, day) : takenBack(holding, amount, day)

function earned(holding: Holding, amount: Minor, day: LocalDate): EarnedLine {
  const { until, advances } = advancesOn(holding, day)
  const available = most(0n, least(-until.amount, -holding.amount))
  const ofAdvance = least(amount, available)
  const drawn = settle(advances, ofAdvance)
  const unbilled = amount - ofAdvance
  const settled = settle(plus(holding, drawn), unbilled)
  return {
    own: { carried: drawn.functional + settled.functional, fresh: unbilled - settled.amount },
    worth: { carried: drawn.functional, fresh: unbilled },
  }
}

function takenBack(holding: Holding, amount: Minor, day: LocalDate): EarnedLine {
  const { until, advances } = advancesOn(holding, day)
  if (until.amount <= 0n && advances.amount < 0n) {
    const back = { carried: shareOf(advances, amount).functional, fresh: 0n }
    return { own: back, worth: back }
  }
  const back = holding.amount < 0n ? shareOf(holding, amount) : settle(holding, amount)
  return {
    own: { carried: back.functional, fresh: amount - back.amount },
    worth: { carried: 0n, fresh: amount },
  }
}

/** What a position held at the end of a day, and the pool that its advances are drawn from. */
function advancesOn(holding: Holding, day: LocalDate): { until: Balance; advances: Balance } {
  const later = movesAfter(holding, day)
  const until = heldOn(holding, day)
  if (later.some(({ amount }) => amount > 0n)) return { until, advances: holding }
  const joined = later.filter(({ amount }) => amount === 0n).map((move) => move.day)
  return { until, advances: heldOn(holding, joined.reduce(latest, day)) }
}

const latest = (one: LocalDate, other: LocalDate): LocalDate => (one > other ? one : other)
const least = (one: Minor, other: Minor): Minor => (one < other ? one : other)
const most = (one: Minor, other: Minor): Minor => (one > other ? one : other)
