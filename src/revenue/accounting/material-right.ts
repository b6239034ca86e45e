import type { LocalDate } from '../../kernel/calendar.ts'
import { optionSsp } from '../allocation/ssp.ts'
import type { DealObligation } from '../deal/promises.ts'
import type { AccountingContract, Member } from './accounting-contract.ts'
import { exactMinor } from './estimate.ts'
import { factsOf } from './facts.ts'
import type { ObligationOrigin } from './member-deal.ts'
import { factsAbout, prefixOf } from './member-state.ts'

/** A promise that no product of the contract stands for. */
export type StatedPromise = { obligation: DealObligation; origin: ObligationOrigin }

/**
 * The options of a contract that are material rights. Each takes its share of the price at inception, which is revenue on
 * the day that the option is used, or when it expires (ASC 606-10-55-42, IFRS 15.B40).
 */
export function materialRights(contract: AccountingContract, member: Member): StatedPromise[] {
  const facts = factsAbout(contract, member)
  const exercises = factsOf(facts, 'exercise')
  const signedOn = member.versions[0].effectiveDate
  return factsOf(facts, 'material_right').map(({ body }) => ({
    obligation: {
      key: prefixOf(contract, member) + rightKey(body.key),
      ssp: { is: 'point', amount: optionSsp(body.option, (text) => exactMinor(text, contract.currency)) },
      measure: { by: 'point_in_time', date: usedOn(body, exercises) },
      isSeries: false,
    },
    origin: {
      contractRef: member.contractRef,
      productRef: body.product_ref,
      method: 'point_in_time',
      serviceStart: signedOn,
      bookedOn: signedOn,
    },
  }))
}

/** No product has such a name in a plan, so a right may be called like one. */
const rightKey = (key: string): string => `right:${key}`

type Exercise = { effectiveDate: LocalDate; body: { key: string } }

const usedOn = (
  { key, expires }: { key: string; expires: LocalDate },
  exercises: readonly Exercise[],
): LocalDate => exercises.find(({ body }) => body.key === key)?.effectiveDate ?? expires
