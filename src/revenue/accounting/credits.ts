import { daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import { rational, roundToInteger } from '../../kernel/rational.ts'
import type { Amendment, Credit } from '../modification/amendment.ts'
import type { AccountingContract, Member } from './accounting-contract.ts'
import { exactMinor } from './estimate.ts'
import { type Fact, factsOf } from './facts.ts'
import type { MemberDeal } from './member-deal.ts'
import { factsAbout } from './member-state.ts'
import { isTimed } from './promise.ts'
import { later } from './service.ts'

type CreditFact = ReturnType<typeof factsOf<'credit'>>[number]

/** Price cuts that were stated, or that credit notes made, as changes of the contract; each with its fact. */
export const creditChanges = (
  contract: AccountingContract,
  member: Member,
  own: MemberDeal,
): { amendment: Amendment; fact: Fact }[] =>
  factsOf(factsAbout(contract, member), 'credit').flatMap((fact) => {
    const { product_ref: ref, credit_note: note } = fact.body
    // What follows its invoice lines is credited there.
    if (note !== undefined && !member.covers.includes(ref)) return []
    const keys = obligationsOf(member, own, ref)
    const agreed = keys.map((key) => own.origins.get(key)!.bookedOn).sort()[0]
    const date = later(fact.effectiveDate, agreed ?? fact.effectiveDate)
    const amendment = { date, priceChange: 0n, adds: [], changes: [], removes: [] }
    return { amendment: { ...amendment, credits: creditsOf(contract, member, fact, keys, date) }, fact }
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
  { body }: CreditFact,
  keys: readonly string[],
  date: LocalDate,
): Credit[] {
  const amount = roundToInteger(exactMinor(body.amount, currency), rounding)
  const { service, product_ref: ref } = body
  if (!service) return [{ keys: keys.length > 0 ? keys : [ref], amount, of: 'given' }]
  const product = products.get(ref)
  if (!product || !isTimed(product)) return [{ keys, amount, of: 'all' }]
  const days = daysBetween(service.start, service.end)
  const over = Math.min(Math.max(daysBetween(service.start, date), 0), days)
  const given = days > 0 ? roundToInteger(rational(amount * BigInt(over), BigInt(days)), rounding) : amount
  const parts = [
    { keys, amount: given, of: 'given' },
    { keys, amount: amount - given, of: 'to_come' },
  ] as const
  return parts.filter((part) => part.amount !== 0n)
}
