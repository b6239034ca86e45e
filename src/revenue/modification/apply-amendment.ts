import type { RevenuePolicy } from '../policy.ts'
import type { Amendment } from './amendment.ts'
import {
  changesNoPromise,
  chooseTreatment,
  sayingThePastChanges,
  type TreatmentChoice,
} from './choose-treatment.ts'
import type { ContractState } from './contract-state.ts'
import { withCredits } from './credits.ts'
import { dividedAnew } from './divide-anew.ts'
import { scopeOf, withoutIdle } from './scope.ts'
import { withSeparateContract } from './separate-contract.ts'

/**
 * Accounts for an amendment (ASC 606-10-25-10 to 25-13, IFRS 15.18 to 21), by `chooseTreatment`. What is allocated
 * changes by the price change less the credits, exactly; what was posted before the date stays as it was.
 *
 * - separate contract: the added promises share the added price, the others notice nothing;
 * - otherwise what is not yet recognised and the price change form one pool, divided by what remains of the selling
 *   prices. A distinct remainder earns its part from the date on; of the others price and progress are measured anew.
 *
 * A credit for service given already reduces revenue at once, and one for service to come from the date on. A price cut
 * beyond what is left reduces it at once, too, and what is kept when nothing is left to deliver is earned at once.
 */
export function applyAmendment(
  state: ContractState,
  asked: Amendment,
  policy: RevenuePolicy,
): { state: ContractState; choice: TreatmentChoice } {
  const amendment = withoutIdle(state, asked)
  const credited = withCredits(state, amendment)
  const scope = scopeOf(credited, amendment)
  const choice = chooseTreatment(amendment, scope, policy)
  if (changesNoPromise(amendment)) return { state: credited, choice }
  if (choice.treatment === 'separate_contract')
    return { state: withSeparateContract(credited, amendment, policy), choice }
  const divided = dividedAnew(credited, amendment, scope, choice.treatment, policy)
  return { state: divided.state, choice: divided.changesThePast ? sayingThePastChanges(choice) : choice }
}
