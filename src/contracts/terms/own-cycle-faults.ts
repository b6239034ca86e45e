import type { Fault } from '../../kernel/problem.ts'
import type { BillingCycle, ContractProduct, ContractTerms } from '../contract.ts'
import { billingSpan } from '../periods/billing-span.ts'
import { type Cycled, hasSameCycle, periodOn } from '../periods/own-cycle.ts'
import { type CycleTerms, isShorter } from '../periods/schedule.ts'
import type { RuledTerms, SoldProduct } from './rule.ts'

/** Why a product cannot have the cycle that it names. */
export function faultsOfOwnCycle(
  { billing_cycle: contracts }: Pick<ContractTerms, 'billing_cycle'>,
  { billing_cycle: own, anchor_date: anchor }: Cycled,
  { kind }: SoldProduct,
): Fault[] {
  if (!own) return anchor ? [{ path: 'anchor_date', message: 'is for a product with a billing_cycle' }] : []
  const path = 'billing_cycle'
  if (kind === 'one_time') return [{ path, message: 'a one-time fee is due once' }]
  if (kind === 'usage') {
    return [
      {
        path,
        message: 'usage is billed by the cycle of its contract: make a contract with this cycle for it',
      },
    ]
  }
  if (!isShorter(own, contracts)) return []
  const message = `must not be shorter than the contract's, ${inWords(contracts)}: shorten that one, or make a contract with this cycle`
  return [{ path, message }]
}

/**
 * A period is billed as a whole, so no two prices of a product may share one unless their cycles are the same: the later
 * price begins where a period of the one before ends, and where its own cycle begins one.
 */
export function faultsOfNextCycle(
  terms: CycleTerms & Pick<RuledTerms, 'product_spans'>,
  product: Dated & Pick<ContractProduct, 'product_ref'>,
): Fault[] {
  const { start } = billingSpan(terms, product)
  const before = terms.product_spans.filter(
    (other) =>
      other.product_ref === product.product_ref &&
      billingSpan(terms, other).start < start &&
      !hasSameCycle(terms, other, product),
  )
  return before.flatMap((other) => {
    const theirs = periodOn(terms, other, start)
    if (sharesDays(terms, other, theirs.start, start)) {
      const message = `another cycle of a product begins where the one before ends, on ${theirs.end}`
      return [{ path: 'billing_cycle', message }]
    }
    if (!sharesDays(terms, other, periodOn(terms, product, start).start, start)) return []
    const message = `a cycle must begin on ${start}, where that of the price before ends: send "${start}"`
    return [{ path: 'anchor_date', message }]
  })
}

type Dated = Cycled & Parameters<typeof billingSpan>[1]

/** True where a period that begins on `first` has days of the product before `day`. */
function sharesDays(terms: CycleTerms, product: Dated, first: string, day: string): boolean {
  const { end } = billingSpan(terms, product)
  return first < day && (end === null || end > first)
}

const inWords = ({ unit, cycle }: BillingCycle): string => `${cycle} ${unit}`
