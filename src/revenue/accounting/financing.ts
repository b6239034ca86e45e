import { Problem } from '../../kernel/problem.ts'
import type { Due } from '../deal/billing.ts'
import { type FinancingFlag, financingFlags } from '../deal/financing.ts'
import { type Framework, policyOf } from '../policy.ts'
import { revenuePortions } from '../schedule.ts'
import type { AccountingContract, Member } from './accounting-contract.ts'
import { billingPlan, dueOn } from './contract-view.ts'
import { planContract } from './plan.ts'
import { feesOf } from './service.ts'

/**
 * Where payment and service of fees lie more than a year apart (ASC 606-10-32-15 to 32-18, IFRS 15.60 to 63): by the plan
 * of what follows it, by invoice lines of all else. Invoices are taken to be paid when they are issued. What is not asked
 * about: usage, whose amount and time depend on the customer (32-17(b)), and credit that is bought ahead, which it uses
 * when it likes (32-17(a)).
 */
export function financingOf(contract: AccountingContract, framework: Framework): FinancingFlag[] {
  const planned = portionsOfPlan(contract, framework)
  const others = contract.members.flatMap((member) => otherFees(contract, member))
  const dues = [...(planned ? billingPlan(contract) : []), ...others.map(({ due }) => due)]
  const portions = [...(planned ?? []), ...others.flatMap(({ earned }) => earned)]
  return financingFlags(portions, dues, policyOf(framework, { rounding: contract.rounding }))
}

/** Undefined for what allows no plan. */
function portionsOfPlan(contract: AccountingContract, framework: Framework): Due[] | undefined {
  if (contract.members.every(({ covers }) => covers.length === 0)) return undefined
  try {
    return planContract(contract, framework).plan.portions
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

/** The fees of the latest terms that follow their invoice lines. */
function otherFees({ rounding }: AccountingContract, { versions, products, covers }: Member) {
  const { terms: agreed } = versions.at(-1)!
  const own = agreed.products.filter(({ product_ref: ref }) => products.has(ref) && !covers.includes(ref))
  const terms = { ...agreed, products: own }
  return feesOf({ terms, products, rounding }).flatMap(({ boundary, charges }) =>
    charges.map((charge) => {
      const { amount, productRef } = charge
      const service = { ...charge, usageByMonth: {} }
      const portions = revenuePortions(service, products.get(productRef)!.recognition)
      return {
        due: { date: dueOn(agreed, boundary), amount },
        earned: portions.map((portion): Due => ({ date: portion.postingDate, amount: portion.amount })),
      }
    }),
  )
}
