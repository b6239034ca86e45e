import type { Instant } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import type { Minor } from '../kernel/money.ts'
import { decimal, rational, roundToInteger } from '../kernel/rational.ts'
import { type CreditGrant, firstDueAt, lapsesAt, type Rollover } from './grant.ts'
import { balanceOf, type GrantState, type Moved, move } from './movement.ts'
import { nextPeriodOf, successorOf } from './recurrence.ts'

/** What time has done to a grant: the grants that follow it, what happened to its leftover, and when to look again. */
export type DuePlan = { grants: CreditGrant[]; moved: Moved[]; dueAt: Instant | null }

/**
 * Carries out what is due of a grant. Its series goes on when it expires; what is left of it lapses some days later, when
 * the invoices for what it was good for are made: a part is carried over where that was agreed, the rest expires. Nobody
 * earns credit that is not paid for yet, so it waits.
 *
 * @example 100.00 a month, of which 90.00 are left, carried over up to 50.00: 50.00 last another month, 40.00 expire
 */
export function planDue(state: GrantState, now: Instant): DuePlan {
  const { grant } = state
  const { expiresAt } = grant
  if (state.isHeld || expiresAt === null || now < expiresAt)
    return { grants: [], moved: [], dueAt: firstDueAt(grant) }
  const successor = successorOf(grant)
  const next = successor ? [successor] : []
  const lapse = lapsesAt(grant)!
  if (now < lapse) return { grants: next, moved: [], dueAt: lapse }
  const { carried, moved } = leftover(state, nextPeriodOf(grant), now)
  return { grants: [...next, ...carried], moved, dueAt: null }
}

type Period = NonNullable<ReturnType<typeof nextPeriodOf>>

function leftover(state: GrantState, next: Period | undefined, now: Instant) {
  const { grant } = state
  const rollover = grant.recurrence?.rollover
  const amount = next && rollover ? carriedOver(state, rollover) : 0n
  const at = { actor: 'calendar', at: now }
  const roll = amount > 0n ? [move(state, { kind: 'rolled_over', amount, ...at })] : []
  const rolled = roll[0]?.state ?? state
  const rest = balanceOf(rolled)
  const expire = rest > 0n ? [move(rolled, { kind: 'expired', amount: rest, ...at })] : []
  return {
    carried: roll.map((each) => carriedGrant(grant, next!, each)),
    moved: [...roll, ...expire],
  }
}

/** The agreed share of the balance, rounded down, and at most the cap. */
function carriedOver(state: GrantState, { sharePercent, cap }: Rollover): Minor {
  const { num, den } = decimal(sharePercent)
  const share = roundToInteger(rational(balanceOf(state) * num, den * 100n), 'floor')
  const room = cap === null ? share : BigInt(cap) - state.rolledOver
  return share < room ? share : room
}

/** Good for the next period, used before what is granted for that, and not carried over again. */
const carriedGrant = (grant: CreditGrant, next: Period, { movement }: Moved): CreditGrant => ({
  ...grant,
  ...next,
  ref: derivedId('cg', 'rollover', grant.ref, movement.sequence),
  amount: movement.amount,
  costBasis: movement.released,
  source: 'rollover',
  recurrence: null,
  expectedUse: null,
})
