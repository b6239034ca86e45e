import type { LocalDate } from '../../kernel/calendar.ts'
import { rational, roundToInteger } from '../../kernel/rational.ts'
import type { Reestimate } from '../deal/changes.ts'
import { type PayableToCustomer, priceCut } from '../transaction-price/transaction-price.ts'
import type { AccountingContract, Member } from './accounting-contract.ts'
import { exactMinor } from './estimate.ts'
import { type Fact, type FactBody, factsOf } from './facts.ts'
import { factsAbout, prefixOf } from './member-state.ts'

type Payable = Extract<FactBody, { kind: 'payable' }>

/** What was agreed to be paid to the customer when the contract was, and what was agreed later. */
export type Payables = { first: PayableToCustomer[]; later: { estimate: Reestimate; fact: Fact }[] }

/**
 * Amounts payable to the customer: part of the price from the beginning, or a change of it on the day that they are
 * promised, of which what falls on service given before is taken back at once (ASC 606-10-32-27, IFRS 15.72).
 */
export function payablesOf(contract: AccountingContract, member: Member, inception: LocalDate): Payables {
  const stated = factsOf(factsAbout(contract, member), 'payable')
  const isFirst = ({ effectiveDate }: Fact) => effectiveDate <= inception
  return {
    first: stated.filter(isFirst).map(({ body }) => amountsOf(body, contract)),
    later: stated
      .filter((fact) => !isFirst(fact))
      .map((fact) => ({
        fact,
        estimate: {
          date: fact.effectiveDate,
          sinceModification: false,
          variable: {
            key: `${prefixOf(contract, member)}payable ${fact.body.key}`,
            estimate: { method: 'amount', amount: rational(-priceCut(amountsOf(fact.body, contract))) },
          },
        },
      })),
  }
}

function amountsOf(
  { amount, fair_value_received: fairValue = '0' }: Payable,
  { currency, rounding }: AccountingContract,
): PayableToCustomer {
  const minor = (text: string) => roundToInteger(exactMinor(text, currency), rounding)
  return { amount: minor(amount), fairValueReceived: minor(fairValue) }
}
