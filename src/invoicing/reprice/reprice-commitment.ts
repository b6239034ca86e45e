import type { Contract } from '../../contracts/contract.ts'
import { windowOfCycle } from '../../contracts/terms/commitment.ts'
import type { Minor } from '../../kernel/money.ts'
import { type BilledCycle, billedWithin } from '../charges/billed-cycle.ts'
import type { ChargeBasis } from '../charges/charge.ts'
import { dueAbove } from '../charges/true-up.ts'

/** What a commitment adds to the fees of its window, by the price that bills the cycle and by the one asked for. */
export type RepricedCommitment = { current: Minor; next: Minor }

/**
 * The true-up, or the overage, of the commitment that a cycle counts towards. All that was billed in its window stays as
 * it is, but the usage of the product in this one cycle. Null without a commitment, and while its window goes on: what is
 * still to come in it decides.
 *
 * @param billed what was billed for each cycle of the contract
 * @param ofProduct what of that is the product's usage in the cycle
 * @example 1,000 committed, 400 of usage, asked at 320: 600, then 680, so the customer pays the same
 */
export function repriceCommitment(
  { terms, nextCycle }: Pick<Contract, 'terms' | 'nextCycle'>,
  cycleNo: number,
  { billed, ofProduct }: { billed: readonly BilledCycle[]; ofProduct: Minor },
  amounts: { current: Minor; next: Minor },
  rounding: ChargeBasis['rounding'],
): RepricedCommitment | null {
  const window = windowOfCycle(terms, cycleNo)
  if (!window || window.last >= nextCycle) return null
  const others = billedWithin(window, billed).fees - ofProduct
  const due = (amount: Minor) => dueAbove(terms.currency, rounding, window, others + amount)
  return { current: due(amounts.current), next: due(amounts.next) }
}
