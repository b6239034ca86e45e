import type { Price } from '../../catalog/price.ts'
import type { Contract, ContractProduct } from '../../contracts/contract.ts'
import { billingSpan, overlap } from '../../contracts/periods/billing-span.ts'
import { boundaryFrom, cyclePeriod, type DatePeriod } from '../../contracts/periods/schedule.ts'
import { priceOn } from '../../contracts/terms/price-schedule.ts'
import { addDays } from '../../kernel/calendar.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import { type Minor, toMinor } from '../../kernel/money.ts'
import { rate } from '../../rating/rate.ts'
import type { PriceBasis } from '../charges/charge.ts'
import { priceUsage } from '../charges/usage-charge.ts'
import { ratedUsage, type UsageOfCycle } from '../charges/usage-of-cycle.ts'

/** Why usage is not set against what is billed for it. */
export const NOT_COMPARED = ['no_contract', 'several_prices', 'other_currency', 'accumulates'] as const
export type NotCompared = (typeof NOT_COMPARED)[number]

export type RepriceQuestion = {
  productRef: string
  price: Price
  /** Each hour or day is priced alone. */
  bucket?: ContractProduct['bucket']
  currency: string
  period: DatePeriod
}

/** The one price by which a customer's usage of the period is billed. */
export type BilledBy = { contract: Contract; agreed: ContractProduct }

/** What a comparison needs besides: the rounding of the seller, and for prices that accumulate the cycles before. */
export type RepriceBasis = Pick<PriceBasis, 'rounding' | 'earlier'>

/** Amounts in minor units. */
export type Repriced = { current: Minor | null; next: Minor; notCompared: NotCompared | null }

/** The usage of the period as each of the two prices looks at it. */
export type RepricedUsage = { current: UsageOfCycle; next: UsageOfCycle }

/** The price that a customer's contracts bill the usage of the period by, or why there is not exactly one. */
export function billedBy(
  contracts: readonly Contract[],
  { productRef, currency, period }: RepriceQuestion,
): BilledBy | NotCompared {
  const [first, second] = contracts
    .filter(({ status }) => status !== 'draft')
    .flatMap((contract) =>
      contract.terms.products
        .filter((agreed) => agreed.product_ref === productRef)
        .filter((agreed) => overlap(billingSpan(contract.terms, agreed), period))
        .map((agreed) => ({ contract, agreed })),
    )
  if (!first) return 'no_contract'
  const { terms } = first.contract
  const [atStart, atEnd] = [period.start, addDays(period.end, -1)].map((day) =>
    priceOn(terms, first.agreed, day),
  )
  const isOne =
    cycleOf(first.contract, period) !== undefined || canonicalJson(atStart) === canonicalJson(atEnd)
  if (second || !isOne) return 'several_prices'
  if (terms.currency !== currency) return 'other_currency'
  if (first.agreed.accumulate && cycleOf(first.contract, period) === undefined) return 'accumulates'
  return first
}

/** The number of the contract's cycle that a period is, if it is one. */
export function cycleOf({ terms }: Pick<Contract, 'terms'>, period: DatePeriod): number | undefined {
  const n = boundaryFrom(terms, period.end)
  const cycle = cyclePeriod(terms, n)
  return n >= 1 && cycle.start === period.start && cycle.end === period.end ? n : undefined
}

/**
 * Prices the usage of a period by the question's price, and by the price that bills it. A period that is a cycle of the
 * contract is priced by `priceUsage`, as its invoice line is: with the proration of its limits, and rounded once. Any
 * other period is priced as one whole.
 *
 * @example 1,000 calls billed at 0.10 each, asked at 0.08: current 10000, next 8000 cents
 */
export function reprice(
  question: RepriceQuestion,
  usage: RepricedUsage,
  billed: BilledBy | NotCompared,
  basis: RepriceBasis,
): Repriced {
  const whole = (price: Price, used: UsageOfCycle) =>
    toMinor(rate(price, ratedUsage(used)).amount, question.currency, basis.rounding)
  const asked = whole(question.price, usage.next)
  if (typeof billed === 'string') return { current: null, next: asked, notCompared: billed }
  const { contract, agreed } = billed
  const now = priceOn(contract.terms, agreed, question.period.start)
  const cycleNo = cycleOf(contract, question.period)
  if (cycleNo === undefined) return { current: whole(now, usage.current), next: asked, notCompared: null }
  const charged = (price: ContractProduct, used: UsageOfCycle) =>
    priceUsage({ ...basis, terms: contract.terms }, price, used, cycleNo).amount
  const { accumulate: _, modifiers: __, ...place } = now
  return {
    current: charged(now, usage.current),
    next: charged({ ...place, ...question.price }, usage.next),
    notCompared: null,
  }
}
