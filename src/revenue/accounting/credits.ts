import type { LocalDate } from '../../kernel/calendar.ts'
import { roundToInteger } from '../../kernel/rational.ts'
import type { Amendment, Credit } from '../modification/amendment.ts'
import type { AccountingContract, Member } from './accounting-contract.ts'
import { type CreditFact, creditsAbout, partFor, servicesIn } from './credited-days.ts'
import { exactMinor } from './estimate.ts'
import type { Fact } from './facts.ts'
import type { MemberDeal } from './member-deal.ts'
import { isTimed, type Promised } from './promise.ts'
import { later } from './service.ts'

type Days = { start: LocalDate; end: LocalDate }

/** Price cuts that were stated, or that documents made, as changes of the contract; each with its fact. */
export const creditChanges = (
  contract: AccountingContract,
  member: Member,
  own: MemberDeal,
): { amendment: Amendment; fact: Fact }[] =>
  creditsAbout(contract, member).flatMap((fact) => {
    const keys = obligationsOf(member, own, fact.body.product_ref)
    const agreed = keys.map((key) => own.origins.get(key)!.bookedOn).sort()[0]
    const date = later(fact.effectiveDate, agreed ?? fact.effectiveDate)
    const credits = creditsOf(contract, member, own, fact, keys, date)
    if (credits.length === 0) return []
    return { amendment: { date, priceChange: 0n, adds: [], changes: [], removes: [], credits }, fact }
  })

/** The obligations of a product, or of the one that it is combined with. */
function obligationsOf({ products }: Member, { origins }: MemberDeal, productRef: string): string[] {
  const of = (ref: string | undefined) =>
    [...origins].flatMap(([key, origin]) => (origin.productRef === ref ? key : []))
  const own = of(productRef)
  return own.length > 0 ? own : of(products.get(productRef)?.revenue.combined_with)
}

/**
 * Without days the cut is for service that was given. With days it is split at the date, where the product is given day
 * by day; of what is handed over otherwise days say nothing, and the progress counts.
 */
function creditsOf(
  { currency, rounding }: AccountingContract,
  { products }: Member,
  own: MemberDeal,
  { body, createdAt }: CreditFact,
  keys: readonly string[],
  date: LocalDate,
): Credit[] {
  const { service, product_ref: ref } = body
  const whole = roundToInteger(exactMinor(body.amount, currency), rounding)
  if (!service) return [{ keys: keys.length > 0 ? keys : [ref], amount: whole, of: 'given' }]
  const product = products.get(ref)
  if (!product || !isTimed(product)) return [{ keys, amount: whole, of: 'all' }]
  const { promised } = own.states.findLast((state) => state.createdAt < createdAt) ?? own.states[0]
  const isWhole = body.written_off || body.voided
  const ended = isWhole ? partFor(whole, service, afterEnd(promised, ref, service)) : 0n
  const amount = whole - ended
  const given = service.start < date ? partFor(amount, service, { start: service.start, end: date }) : 0n
  const parts = [
    { keys, amount: given, of: 'given' },
    { keys, amount: amount - given, of: 'to_come' },
  ] as const
  return parts.filter((part) => part.amount !== 0n)
}

/** The days that are promised no longer when an invoice is taken back or written off: no part of the price any more. */
function afterEnd(promised: readonly Promised[], productRef: string, { start, end }: Days): Days {
  const ends = servicesIn(promised, productRef).map((service) => service.end)
  return { start: ends.length > 0 ? ends.sort().at(-1)! : start, end }
}
