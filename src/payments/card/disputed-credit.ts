import type { GrantState, Moved } from '../../credits/movement.ts'
import { takeable, takeBack } from '../../credits/take-back.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { rational, roundToInteger } from '../../kernel/rational.ts'

/** Credit that a payment has paid for: `paid` of what `owed` was for it, minor units. */
export type BoughtCredit = { states: readonly GrantState[]; paid: Minor; owed: Minor }

type Lost = { disputed: Minor; payment: Minor; reason: string; now: Instant }

/**
 * What a lost dispute takes back of credit that its payment has bought: the share of the unused credit that went with the
 * money. It was never delivered, so it is no revenue, and lessens the loss. What is used was delivered, and stays.
 *
 * @example 1,000.00 for 1,200.00 of credit, of which 900.00 are used; all of it is lost: 300.00, which have cost 250.00
 */
export function creditLost(
  bought: readonly BoughtCredit[],
  { disputed, payment, reason, now }: Lost,
): { moved: Moved[]; taken: Minor } {
  const taken = bought.map(({ states, paid, owed }) => ({
    states,
    cost: owed <= 0n ? 0n : partOf(takeable(states), disputed * paid, payment * owed),
  }))
  return {
    moved: taken.flatMap(({ states, cost }) =>
      takeBack(states, cost, { actor: 'stripe', reason: `Dispute lost: ${reason}`, at: now }),
    ),
    taken: sum(taken.map(({ cost }) => cost)),
  }
}

/** At most all of it, rounded half up. */
function partOf(amount: Minor, part: Minor, whole: Minor): Minor {
  const share = roundToInteger(rational(amount * part, whole), 'half_up')
  return share < amount ? share : amount
}
