import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import { rational, roundToInteger } from '../../kernel/rational.ts'

/** An open item in both currencies, minor units, debit positive. */
export type Balance = { amount: Minor; functional: Minor }

/** What moved an item under a day: debits and credits apart. One of no amount is that the item became one with others. */
export type Move = Balance & { day: LocalDate }

/** All that was measured of an item, and what moved it on the latest days: a day before them is their difference. */
export type Holding = Balance & { moves: readonly Move[] }

const NO_BALANCE: Balance = { amount: 0n, functional: 0n }
export const NO_HOLDING: Holding = { ...NO_BALANCE, moves: [] }

/** A holding and one more move; one without a day belongs to no day in particular. */
export const moved = (holding: Holding, balance: Balance, day: LocalDate | null): Holding => ({
  ...plus(holding, balance),
  moves: day === null ? holding.moves : [...holding.moves, { ...balance, day }],
})

/** Two items as one. */
export const joint = (one: Holding, other: Holding): Holding => ({
  ...plus(one, other),
  moves: [...one.moves, ...other.moves],
})

/** What moved an item after a day. */
export const movesAfter = ({ moves }: Holding, day: LocalDate): Move[] =>
  moves.filter((move) => move.day > day)

/** What an item held at the end of a day. */
export const heldOn = (holding: Holding, day: LocalDate): Balance =>
  movesAfter(holding, day).reduce<Balance>(minus, holding)

export const plus = (one: Balance, other: Balance): Balance => ({
  amount: one.amount + other.amount,
  functional: one.functional + other.functional,
})

const minus = (one: Balance, other: Balance): Balance => ({
  amount: one.amount - other.amount,
  functional: one.functional - other.functional,
})

/** What an amount takes from a balance of the other sign, in both currencies: its share, at most all. */
export function settle(balance: Balance, amount: Minor): Balance {
  if (amount === 0n || balance.amount === 0n || amount > 0n === balance.amount > 0n) return NO_BALANCE
  const isAll = magnitude(amount) >= magnitude(balance.amount)
  return isAll ? { amount: -balance.amount, functional: -balance.functional } : shareOf(balance, amount)
}

/** An amount at the rate that a balance is carried at, rounded half away from zero. */
export const shareOf = (balance: Balance, amount: Minor): Balance => ({
  amount,
  functional: roundToInteger(rational(balance.functional * amount, balance.amount)),
})

const magnitude = (amount: Minor): Minor => (amount < 0n ? -amount : amount)
