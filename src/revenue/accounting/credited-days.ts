import { daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import {
  decimal,
  divide,
  isZero,
  min,
  multiply,
  ONE,
  type Rational,
  rational,
  roundToInteger,
  subtract,
  sum as sumOf,
  ZERO,
} from '../../kernel/rational.ts'
import type { AccountingContract, Member } from './accounting-contract.ts'
import { exactMinor } from './estimate.ts'
import { factsOf } from './facts.ts'
import { factsAbout } from './member-state.ts'
import type { Promised } from './promise.ts'
import { earlier, later, type Piece } from './service.ts'

export type CreditFact = ReturnType<typeof factsOf<'credit'>>[number]
type Days = { start: LocalDate; end: LocalDate }

/** What follows its invoice lines is credited there. */
export const creditsAbout = (contract: AccountingContract, member: Member): CreditFact[] =>
  factsOf(factsAbout(contract, member), 'credit').filter(
    ({ body }) => body.document === undefined || member.covers.includes(body.product_ref),
  )

/** The share of an amount for some days that falls on others. */
export function partFor(amount: Minor, whole: Days, days: Days): Minor {
  const [start, end] = [later(whole.start, days.start), earlier(whole.end, days.end)]
  if (start >= end) return 0n
  const share = rational(BigInt(daysBetween(start, end)), BigInt(daysBetween(whole.start, whole.end)))
  return roundToInteger(multiply(rational(amount), share))
}

/**
 * What a version gives less back than its fees because it was credited, or written off, before: a customer who had 10 of
 * 100 off is given back 90. The price falls by that much less. Days are given back as they are billed: those that are
 * gone or have another price as a whole, and of fewer units their part.
 *
 * @example 120.00 off a year, which is then cut to its first half: 60.00 of them were for the half that is gone
 */
export function creditedOfDropped(
  contract: AccountingContract,
  member: Member,
  before: readonly Promised[],
  after: readonly Promised[],
  knownAt: number,
): Minor {
  const known = creditsAbout(contract, member).filter(({ createdAt }) => createdAt <= knownAt)
  const dropped = known.map(({ body: { product_ref: ref, amount, service } }) => {
    if (!service || service.start >= service.end) return ZERO
    const [old, left] = [piecesOf(before, ref), piecesOf(after, ref)]
    const part = divide(droppedDays(old, left, service), daysOf(service))
    return multiply(exactMinor(amount, contract.currency), part)
  })
  return sum(dropped.map((amount) => roundToInteger(amount, contract.rounding)))
}

function droppedDays(before: readonly Piece[], after: readonly Piece[], window: Days): Rational {
  return sumOf(
    before.map((old) => {
      const days = common(old, window)
      const kept = after.map((piece) => multiply(daysOf(common(days, piece)), keptPart(old, piece)))
      return subtract(daysOf(days), sumOf(kept))
    }),
  )
}

function keptPart(old: Piece, { priceKey, quantity }: Piece): Rational {
  if (priceKey !== old.priceKey) return ZERO
  const units = decimal(old.quantity)
  return isZero(units) ? ONE : min(ONE, divide(decimal(quantity), units))
}

const common = (one: Days, other: Days): Days => ({
  start: later(one.start, other.start),
  end: earlier(one.end, other.end),
})

const daysOf = ({ start, end }: Days): Rational =>
  start < end ? rational(BigInt(daysBetween(start, end))) : ZERO

const piecesOf = (promised: readonly Promised[], productRef: string): Piece[] =>
  servicesIn(promised, productRef).flatMap(({ pieces }) => pieces)

export const servicesIn = (promised: readonly Promised[], productRef: string) =>
  promised
    .flatMap(({ service, joined }) => [service, ...joined])
    .filter((one) => one.productRef === productRef)
