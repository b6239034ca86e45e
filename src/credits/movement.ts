import type { Instant } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import type { Minor } from '../kernel/money.ts'
import { assert } from '../kernel/problem.ts'
import { earnedByUse } from './breakage.ts'
import type { CreditGrant } from './grant.ts'

/** What can happen to credit. Reinstated is what an invoice gives back that is voided or credited. */
export const MOVEMENT_KINDS = ['burnt', 'reinstated', 'expired', 'voided', 'rolled_over'] as const
type MovementKind = (typeof MOVEMENT_KINDS)[number]

/** What happens to the money of credit that is voided: it is paid back, or the seller keeps it. */
export const SETTLEMENTS = ['refund', 'forfeit'] as const
export type Settlement = (typeof SETTLEMENTS)[number]

/** One change of a grant's balance. Nobody else writes the same number, so no credit is used twice. */
export type Movement = {
  id: string
  grantRef: string
  /** From 1, without gaps. */
  sequence: number
  kind: MovementKind
  /** Minor units, never zero or less. */
  amount: Minor
  /** What of the money received for the grant is no longer owed by this; below zero where it is owed again. */
  released: Minor
  invoiceId: string | null
  /** Of voided credit; null where the refund of a payment took it, whose entry tells where the money went. */
  settlement: Settlement | null
  reason: string | null
  actor: string
  at: Instant
}

/** A grant and what has become of it: `balance + burnt + expired + voided + rolledOver = granted`. Minor units. */
export type GrantState = {
  grant: CreditGrant
  burnt: Minor
  expired: Minor
  voided: Minor
  rolledOver: Minor
  /** How many movements there are. */
  movements: number
  /** Sold on an invoice of which something is open, and not to be used before that is paid. */
  isHeld: boolean
}

/** A movement, and the grant after it. */
export type Moved = { movement: Movement; state: GrantState }

type Change = Pick<Movement, 'kind' | 'amount' | 'actor' | 'at'> &
  Partial<Pick<Movement, 'invoiceId' | 'settlement' | 'reason'>>

export const untouched = (grant: CreditGrant): GrantState => ({
  grant,
  burnt: 0n,
  expired: 0n,
  voided: 0n,
  rolledOver: 0n,
  movements: 0,
  isHeld: false,
})

/** What can still be used. */
export const balanceOf = (state: GrantState): Minor => state.grant.amount - goneOf(state)

/** What of the money received is still owed to the customer, as credit. */
export const owedOf = (state: GrantState): Minor => state.grant.costBasis - releasedOf(state)

/** What using a grant's credit up to a total has cost of its price, cumulative and rounded once. */
export const costOf = ({ costBasis, amount }: CreditGrant, used: Minor): Minor =>
  earnedByUse({ costBasis, used, expectedUse: amount })

/**
 * Changes a balance. Throws where it would fall below zero, or where more is given back than was used: whoever plans a
 * movement has looked at the balance before.
 */
export function move(before: GrantState, change: Change): Moved {
  const { grant } = before
  const sequence = before.movements + 1
  const after = { ...counted(before, change), movements: sequence }
  assert(change.amount > 0n, `a movement of ${change.amount} on grant ${grant.ref}`)
  assert(balanceOf(after) >= 0n && after.burnt >= 0n, `${change.kind} ${change.amount} on grant ${grant.ref}`)
  const movement = {
    invoiceId: null,
    settlement: null,
    reason: null,
    ...change,
    id: derivedId('cm', grant.ref, sequence),
    grantRef: grant.ref,
    sequence,
    released: releasedOf(after) - releasedOf(before),
  }
  return { movement, state: after }
}

/** The state after movements that were written, in any order. */
export const replay = (grant: CreditGrant, movements: readonly Pick<Movement, 'kind' | 'amount'>[]) =>
  movements.reduce<GrantState>(
    (state, movement) => ({ ...counted(state, movement), movements: state.movements + 1 }),
    untouched(grant),
  )

function counted(state: GrantState, { kind, amount }: Pick<Movement, 'kind' | 'amount'>): GrantState {
  switch (kind) {
    case 'burnt':
      return { ...state, burnt: state.burnt + amount }
    case 'reinstated':
      return { ...state, burnt: state.burnt - amount }
    case 'expired':
      return { ...state, expired: state.expired + amount }
    case 'voided':
      return { ...state, voided: state.voided + amount }
    case 'rolled_over':
      return { ...state, rolledOver: state.rolledOver + amount }
  }
}

export const goneOf = ({ burnt, expired, voided, rolledOver }: GrantState): Minor =>
  burnt + expired + voided + rolledOver

/** What is no longer owed: the price of all that is gone, and the breakage that its use has earned before. */
function releasedOf(state: GrantState): Minor {
  const { grant, burnt } = state
  const { costBasis, expectedUse } = grant
  const breakage =
    expectedUse === null ? 0n : earnedByUse({ costBasis, used: burnt, expectedUse }) - costOf(grant, burnt)
  const released = costOf(grant, goneOf(state)) + breakage
  return released < costBasis ? released : costBasis
}
