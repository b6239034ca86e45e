import { closeInstant } from '../../contracts/periods/schedule.ts'
import { dateAt } from '../../contracts/periods/zone.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { Due } from '../deal/billing.ts'
import { type FinancingFlag, financingFlags } from '../deal/financing.ts'
import { type PresentedPosition, presentPosition } from '../deal/position.ts'
import { type Framework, policyOf } from '../policy.ts'
import type { AccountingContract } from './accounting-contract.ts'
import { coveredFees } from './member-state.ts'
import type { ContractPlan } from './plan.ts'

/** The fees of the latest terms by the days of their invoices: what the plan's price is billed by. */
export const billingPlan = (contract: AccountingContract): Due[] =>
  contract.members.flatMap((member) => {
    const latest = member.versions.at(-1)!
    return coveredFees(contract, member, latest).map(({ boundary, charges }) => ({
      date: dateAt(latest.terms, closeInstant(latest.terms, boundary)),
      amount: sum(charges.map(({ amount }) => amount)),
    }))
  })

/** Where payment and service lie more than a year apart; invoices are taken to be paid when they are issued. */
export const financingOf = (
  contract: AccountingContract,
  { plan }: ContractPlan,
  framework: Framework,
): FinancingFlag[] =>
  financingFlags(plan.portions, billingPlan(contract), policyOf(framework, { rounding: contract.rounding }))

/** What the books hold on the position of a contract for one product, in credit positive; minor units. */
export type ProductPosition = { net: Minor; isUsage: boolean }

/**
 * The position of the contracts of a group, presented as one (ASC 606-10-45-1, IFRS 15.105). Only usage is due by the
 * passing of time alone: what is performed of it and not invoiced is an unbilled receivable.
 */
export function positionOf(products: readonly ProductPosition[]): { net: Minor } & PresentedPosition {
  const net = sum(products.map((product) => product.net))
  const due = products.filter((product) => product.isUsage && product.net < 0n)
  return { net, ...presentPosition(net, -sum(due.map((product) => product.net))) }
}
