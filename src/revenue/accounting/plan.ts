import type { RecognitionMethod } from '../../catalog/product.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { type DealPlan, planDeal } from '../deal/deal.ts'
import { type Framework, policyOf } from '../policy.ts'
import type { Portion } from '../recognition/line.ts'
import type { AccountingContract } from './accounting-contract.ts'
import { type DealOf, dealOf } from './deal-of.ts'
import { prefixOf } from './member-state.ts'

/** An obligation as it stands after all changes; amounts in minor units. */
export type PlannedObligation = {
  key: string
  /** The key within its own contract: the same alone and in a group. */
  name: string
  contractRef: string
  productRef: string
  method: RecognitionMethod
  serviceStart: LocalDate
  bookedOn: LocalDate
  allocated: Minor
  portions: Portion[]
}

export type ContractPlan = { source: DealOf; plan: DealPlan; obligations: PlannedObligation[] }

/**
 * The whole plan of an accounting contract under a framework, from its facts alone: whoever plans again from the same
 * facts gets the same plan. Throws a Problem where the facts allow none.
 */
export function planContract(contract: AccountingContract, framework: Framework): ContractPlan {
  const source = dealOf(contract)
  const plan = planDeal(source.deal, policyOf(framework, { rounding: contract.rounding }))
  const allocation = plan.versions.at(-1)?.allocation ?? plan.allocation
  const portions = Map.groupBy(plan.portions, ({ key }) => key)
  const obligations = [...source.obligationOrigins].flatMap(([key, origin]) => {
    const own = portions.get(key) ?? []
    const allocated = allocation.get(key) ?? sum(own.map(({ amount }) => amount))
    if (!allocation.has(key) && own.length === 0) return []
    return {
      key,
      name: key.slice(prefixOf(contract, origin).length),
      ...origin,
      method: origin.method ?? methodOf(contract, origin),
      allocated,
      portions: own,
    }
  })
  return { source, plan, obligations }
}

function methodOf(
  { members }: AccountingContract,
  { contractRef, productRef }: { contractRef: string; productRef: string },
): RecognitionMethod {
  const member = members.find((own) => own.contractRef === contractRef)
  return member?.products.get(productRef)?.recognition ?? 'daily'
}
