import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import type { AccountingContract } from '../../revenue/accounting/accounting-contract.ts'
import { judgementsIn } from '../../revenue/accounting/criteria.ts'
import { variableOf } from '../../revenue/accounting/estimate.ts'
import type { Fact } from '../../revenue/accounting/facts.ts'
import { type PlannedObligation, planContract } from '../../revenue/accounting/plan.ts'
import { type Framework, policyOf } from '../../revenue/policy.ts'
import { isUnmetOn, testContract } from '../../revenue/transaction-price/contract-criteria.ts'
import { estimateVariable } from '../../revenue/transaction-price/variable-consideration.ts'

/** What finance has stated of a contract, as it bears on the balance sheet. */
export type Judgement = {
  /** False while the criteria for a contract are not met. */
  isContract: boolean
  /** What the customer is expected to get back of the price of all that was performed, minor units. */
  expectedBack: Minor
}

/**
 * Whether there is a contract at the end of a day, and what of its price is expected to go back. By contract, since
 * several may be accounted for as one.
 *
 * @example 575 units at 100.00, of which 10 % are expected back: 57,500.00 less 51,750.00 are 5,750.00
 */
export function judgementsOf(
  contract: AccountingContract,
  framework: Framework,
  day: LocalDate,
): Map<string, Judgement> {
  const { unmet } = testContract(judgementsIn(contract.facts), policyOf(framework))
  const isContract = !isUnmetOn(unmet, day)
  const expected = expectedBack(contract, framework, day)
  return new Map(
    contract.members.map(({ contractRef: ref }) => [
      ref,
      { isContract, expectedBack: expected.get(ref) ?? 0n },
    ]),
  )
}

/**
 * Revenue as it would be without the estimated refunds, penalties and rebates, less revenue as it is: the part of them
 * that belongs to what was performed by then (ASC 606-10-32-10, IFRS 15.55). Facts that no plan follows from state
 * nothing, and neither do those of contracts whose revenue follows invoice lines.
 */
function expectedBack(
  contract: AccountingContract,
  framework: Framework,
  day: LocalDate,
): ReadonlyMap<string, Minor> {
  if (contract.members.some(({ basis }) => basis === 'lines')) return new Map()
  const earnedOf = (own: AccountingContract) => earnedBy(planContract(own, framework).obligations, day)
  try {
    const earned = earnedOf(contract)
    const unreduced = earnedOf(withoutReductions(contract, framework))
    return new Map([...unreduced].map(([ref, amount]) => [ref, amount - (earned.get(ref) ?? 0n)]))
  } catch {
    return new Map()
  }
}

/** The contract as if nothing were expected to go back: estimates below zero count as nothing. */
function withoutReductions(contract: AccountingContract, framework: Framework): AccountingContract {
  const policy = policyOf(framework, { rounding: contract.rounding })
  const facts = contract.facts.map((fact): Fact => {
    const { body } = fact
    if (body.kind !== 'estimate') return fact
    const { included } = estimateVariable(variableOf(body.key, body, contract.currency, String), policy)
    const { kind, key, promised, target } = body
    return included < 0n
      ? { ...fact, body: { kind, key, promised, target, method: 'amount', amount: '0' } }
      : fact
  })
  return { ...contract, facts }
}

/** Revenue by contract up to the end of a day. */
function earnedBy(obligations: readonly PlannedObligation[], day: LocalDate): Map<string, Minor> {
  const earned = new Map<string, Minor>()
  for (const { contractRef, portions } of obligations) {
    for (const { date, amount } of portions) {
      if (date <= day) earned.set(contractRef, (earned.get(contractRef) ?? 0n) + amount)
    }
  }
  return earned
}
