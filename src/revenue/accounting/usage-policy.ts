import type { UsagePolicy } from '../../catalog/product.ts'
import type { ContractTerms } from '../../contracts/contract.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { usageReason } from '../deal/usage-charges.ts'
import { type Reason, reason } from '../reason.ts'
import type { PinnedProduct } from './coverage.ts'
import { type Fact, factsOf } from './facts.ts'
import { later } from './service.ts'

/** Why usage of a product is revenue as it happens, from a day on, and what has decided that. */
export type HeldUsagePolicy = {
  from: LocalDate
  policy: UsagePolicy
  decidedBy: 'default' | 'product' | 'judgement'
  /** That of a judgement. */
  reason: string | null
}

/**
 * The policies of a usage product under a contract, by the days from which they hold: what the product was set to when
 * the contract was first planned with it, and what finance has judged for this contract. Of judgements for one day the
 * last holds.
 *
 * @param facts those of the contract, in the order in which they were stated
 */
export function usagePolicies(
  { ref, revenue }: Pick<PinnedProduct, 'ref' | 'revenue'>,
  facts: readonly Fact[],
  signedOn: LocalDate,
): HeldUsagePolicy[] {
  const set = revenue.usage_policy
  const first: HeldUsagePolicy = {
    from: signedOn,
    policy: set ?? 'right_to_invoice',
    decidedBy: set ? 'product' : 'default',
    reason: null,
  }
  const judged = factsOf(facts, 'usage_policy')
    .filter(({ body }) => body.product_ref === ref)
    .map(
      ({ effectiveDate, body, reason: why }): HeldUsagePolicy => ({
        from: later(effectiveDate, signedOn),
        policy: body.policy,
        decidedBy: 'judgement',
        reason: why,
      }),
    )
  return [first, ...judged]
    .toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
    .filter(({ from }, place, all) => all[place + 1]?.from !== from)
}

/** The policy that holds on a day; before the first of them that one. */
export const policyOn = (held: readonly HeldUsagePolicy[], day: LocalDate): UsagePolicy =>
  (held.findLast(({ from }) => from <= day) ?? held[0])?.policy ?? 'right_to_invoice'

/** What is said of a policy: the rule, and what of the terms asks for a second look at it. */
export const policyReasons = (ref: string, policy: UsagePolicy, terms: ContractTerms): Reason[] => [
  usageReason(ref, policy),
  ...(policy === 'right_to_invoice' ? doubtsOf(ref, terms) : []),
]

/** The right to invoice needs a price for each unit that is its worth; these terms can make it something else. */
function doubtsOf(ref: string, { commitments = [], products }: ContractTerms): Reason[] {
  const isHeld = commitments.some(
    ({ true_up, amount, quantity, product_ref }) =>
      true_up && (quantity === undefined ? /[1-9]/.test(amount) : product_ref === ref),
  )
  const accumulates = products.some((own) => own.product_ref === ref && own.accumulate !== undefined)
  return [
    ...(isHeld ? [doubt('A minimum is committed, so that a unit costs more where little is used')] : []),
    ...(accumulates ? [doubt('Its tiers go on from cycle to cycle, so that use changes later prices')] : []),
  ]
}

const doubt = (what: string): Reason =>
  reason('right_to_invoice', `${what}: judge whether each unit is still priced at what it is worth.`)
