import type { LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { invalid } from '../../kernel/problem.ts'
import { ONE } from '../../kernel/rational.ts'
import { allocatePrice } from '../allocation/allocate-price.ts'
import type { DiscountBundle } from '../allocation/discount-bundle.ts'
import type { RevenuePolicy } from '../policy.ts'
import type { Reason } from '../reason.ts'
import { heldBack } from '../recognition/held-back.ts'
import { firstSegment, type Line, type Portion, portionsOf } from '../recognition/line.ts'
import { progressOf } from '../recognition/progress.ts'
import {
  type CriteriaJudgement,
  testContract,
  type UnmetSpan,
} from '../transaction-price/contract-criteria.ts'
import {
  type NonRefundable,
  nonRefundablePortions,
  nonRefundableSaid,
} from '../transaction-price/non-refundable.ts'
import {
  type PriceTerms,
  type TransactionPrice,
  transactionPrice,
} from '../transaction-price/transaction-price.ts'
import { afterChanges, allocationOf, type DealChange, type DealVersion } from './changes.ts'
import { type DealObligation, promisesOf } from './promises.ts'
import { type UsageCharges, usagePortions, usageReason } from './usage-charges.ts'

export type Deal = {
  /** Step 1, as it is judged at inception and later. */
  criteria: readonly CriteriaJudgement[]
  /** What was received without a contract, and is kept. */
  nonRefundable?: readonly NonRefundable[]
  price: PriceTerms
  obligations: readonly DealObligation[]
  /** What is regularly sold together for less. */
  bundles?: readonly DiscountBundle[]
  /** Billed as used, and recognised as it is used: outside the price. */
  usage: readonly UsageCharges[]
  changes: readonly DealChange[]
}

export type DealPlan = {
  /** As it is judged last. */
  isContract: boolean
  price: TransactionPrice
  /** At inception; what later changes make of it is in their versions. Minor units. */
  allocation: ReadonlyMap<string, Minor>
  versions: DealVersion[]
  /** All revenue, by date. */
  portions: Portion[]
  /** Days without a contract, and what is revenue of what was paid for them: a part of the portions. */
  unmet: UnmetSpan[]
  kept: Portion[]
  reasons: Reason[]
}

/**
 * The five steps for a whole deal (ASC 606-10-05-4, IFRS 15.IN7): is it a contract, what is promised, at what price,
 * how is the price allocated, and when is it revenue; then each modification and each later estimate, and what days
 * without a contract hold back. Pure: the same deal under the same policy gives the same plan. Amounts are minor units;
 * allocations add up to the price exactly, and portions to what is allocated when all is satisfied.
 */
export function planDeal(deal: Deal, policy: RevenuePolicy): DealPlan {
  const { isContract, unmet, reasons } = testContract(deal.criteria, policy)
  const price = transactionPrice(deal.price, policy)
  const kept = nonRefundablePortions(deal.nonRefundable ?? [], unmet, policy)
  const said = [...reasons, ...nonRefundableSaid(kept)]
  const inception = beginning(deal, price, policy)
  const { state, versions } = afterChanges(inception.state, deal.changes, price, policy)
  const earned = byDate([...state.lines.flatMap(portionsOf), ...deal.usage.flatMap(usagePortions)])
  const revenue = heldBack(earned, unmet)
  if (!isContract && revenue.length === 0) {
    const nothing = { allocation: new Map(), versions: [] }
    return { isContract, price, ...nothing, portions: byDate(kept), unmet, kept, reasons: said }
  }
  return {
    isContract,
    price,
    allocation: allocationOf(inception.state),
    versions,
    portions: byDate([...revenue, ...kept]),
    unmet,
    kept,
    reasons: [...said, ...price.reasons, ...inception.reasons, ...usageSaid(deal)],
  }
}

const usageSaid = ({ usage }: Deal): Reason[] => usage.map(({ key, policy }) => usageReason(key, policy))

/** Steps 2 and 4: the promises, with the price allocated to them. */
function beginning({ obligations, bundles = [] }: Deal, price: TransactionPrice, policy: RevenuePolicy) {
  const { promises, reasons } = promisesOf(obligations, policy)
  if (promises.length === 0 && price.total !== 0n) {
    throw invalid(
      'nothing_promised',
      'A transaction price needs an obligation with a stand-alone selling price.',
    )
  }
  const targeted = price.variable.flatMap(({ target, included }) =>
    target === undefined ? [] : [{ key: known(target, promises), amount: included }],
  )
  const question = { price: price.total, obligations: promises, targeted, bundles }
  const allocation = allocatePrice(question, policy)
  const lines = promises.map(({ key, measure, isSeries }, place): Line => {
    const segment = firstSegment(allocation.shares.get(key)!, progressOf(measure))
    const ssp = allocation.ssps[place]!
    const net = allocation.net.get(key) ?? ONE
    return { key, ssp, net, measure, isSeries, contract: 0, rounding: policy.rounding, segments: [segment] }
  })
  const stage = { contract: 0, treatment: 'inception' as const, weights: allocation.basis, behind: new Map() }
  return { state: { lines, stages: [stage] }, reasons: [...reasons, ...allocation.reasons] }
}

function known(target: string, promises: readonly { key: string }[]): string {
  if (promises.some(({ key }) => key === target)) return target
  throw invalid(
    'obligation_unknown',
    `There is no obligation "${target}" for a variable amount to belong to.`,
  )
}

const byDate = (portions: readonly Portion[]): Portion[] =>
  portions.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))

/** Revenue up to the end of a day, in minor units. */
export const revenueThrough = (portions: readonly Portion[], date: LocalDate): Minor =>
  sum(portions.filter((portion) => portion.date <= date).map(({ amount }) => amount))
