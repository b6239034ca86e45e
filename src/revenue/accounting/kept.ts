import { roundToInteger } from '../../kernel/rational.ts'
import type { NonRefundable } from '../transaction-price/non-refundable.ts'
import type { AccountingContract, Member } from './accounting-contract.ts'
import { exactMinor } from './estimate.ts'
import { factsOf } from './facts.ts'
import type { ObligationOrigin } from './member-deal.ts'
import { factsAbout, prefixOf } from './member-state.ts'

/** What was received without a contract and is kept, and whose revenue it is. */
export const keptAmounts = (
  contract: AccountingContract,
  member: Member,
): { amount: NonRefundable; origin: ObligationOrigin }[] =>
  factsOf(factsAbout(contract, member), 'non_refundable').map(({ effectiveDate: date, body }) => ({
    amount: {
      // No product has such a name in a plan.
      key: `${prefixOf(contract, member)}kept:${body.key}`,
      date,
      event: body.event,
      amount: roundToInteger(exactMinor(body.amount, contract.currency), contract.rounding),
    },
    origin: {
      contractRef: member.contractRef,
      productRef: body.product_ref,
      method: 'point_in_time',
      serviceStart: date,
      bookedOn: date,
    },
  }))
