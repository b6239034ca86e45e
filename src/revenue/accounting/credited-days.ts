import { daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { multiply, rational, roundToInteger } from '../../kernel/rational.ts'
import type { AccountingContract, Member } from './accounting-contract.ts'
import { exactMinor } from './estimate.ts'
import { factsOf } from './facts.ts'
import { factsAbout } from './member-state.ts'
import type { Promised } from './promise.ts'
import { earlier, later } from './service.ts'

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
 * 100 off is given back 90. The price falls by that much less.
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
  return sum(
    known.flatMap(({ body: { product_ref: ref, amount, service } }) =>
      servicesIn(before, ref).map((old) => {
        if (!service || old.start >= old.end) return 0n
        const ends = servicesIn(after, ref).map(({ end }) => end)
        const dropped = { start: later(old.start, ends.sort().at(-1) ?? old.start), end: old.end }
        return partFor(roundToInteger(exactMinor(amount, contract.currency)), service, dropped)
      }),
    ),
  )
}

export const servicesIn = (promised: readonly Promised[], productRef: string) =>
  promised
    .flatMap(({ service, joined }) => [service, ...joined])
    .filter((one) => one.productRef === productRef)
