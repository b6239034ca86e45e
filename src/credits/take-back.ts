import { type Minor, sum } from '../kernel/money.ts'
import { assert } from '../kernel/problem.ts'
import { rational, roundToInteger } from '../kernel/rational.ts'
import {
  balanceOf,
  costOf,
  type GrantState,
  goneOf,
  type Moved,
  type Movement,
  move,
  owedOf,
} from './movement.ts'

type TakenBack = Pick<Movement, 'actor' | 'at' | 'reason'>

/** What the unused credit of grants cost the customer, minor units: the most that can be taken back of its invoice line. */
export const takeable = (states: readonly GrantState[]): Minor => sum(states.map(owedOf))

/**
 * Takes back credit that cost so much, of one grant after the other: what a credit note or a write-off does to credit that
 * its invoice has sold. What was used is not there any more, so whoever plans it asks for `takeable` at most. The entry
 * is that of the document, so the movements name no settlement.
 *
 * @example 1,200.00 for 1,000.00, of which 300.00 are used: 750.00 are takeable, and 250.00 of them are 300.00 of credit
 */
export function takeBack(states: readonly GrantState[], cost: Minor, taken: TakenBack): Moved[] {
  const moved: Moved[] = []
  let rest = cost
  for (const state of states) {
    const part = least(owedOf(state), rest)
    if (part <= 0n) continue
    moved.push(move(state, { kind: 'voided', amount: faceOf(state, part), ...taken }))
    rest -= part
  }
  assert(rest <= 0n, `${rest} more are taken back than the credit is worth that is left`)
  return moved
}

/**
 * The least credit that cost so much. There always is one, since no unit of credit costs more than a unit of money, so
 * that the rounded cost of what is gone rises in steps of one. The whole cost takes all that is left.
 */
function faceOf(state: GrantState, cost: Minor): Minor {
  if (cost === owedOf(state)) return balanceOf(state)
  const { grant } = state
  const gone = goneOf(state)
  const upTo = 2n * (costOf(grant, gone) + cost) - 1n
  return roundToInteger(rational(upTo * grant.amount, 2n * grant.costBasis), 'ceil') - gone
}

const least = (a: Minor, b: Minor): Minor => (a < b ? a : b)
