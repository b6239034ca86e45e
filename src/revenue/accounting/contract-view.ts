import type { ContractTerms } from '../../contracts/contract.ts'
import { closeInstant } from '../../contracts/periods/schedule.ts'
import { dateAt } from '../../contracts/periods/zone.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { Due } from '../deal/billing.ts'
import { type PresentedPosition, presentPosition } from '../deal/position.ts'
import type { AccountingContract } from './accounting-contract.ts'
import { coveredFees } from './member-state.ts'

/** The fees of the latest terms by the days of their invoices: what the plan's price is billed by. */
export const billingPlan = (contract: AccountingContract): Due[] =>
  contract.members.flatMap((member) => {
    const latest = member.versions.at(-1)!
    return coveredFees(contract, member, latest).map(({ boundary, charges }) => ({
      date: dueOn(latest.terms, boundary),
      amount: sum(charges.map(({ amount }) => amount)),
    }))
  })

/** The day on which the invoice of a boundary is issued. */
export const dueOn = (terms: ContractTerms, boundary: number): LocalDate =>
  dateAt(terms, closeInstant(terms, boundary))

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
