import type { Minor } from '../kernel/money.ts'
import { balanceOf, type GrantState, type Moved, type Movement, move, type Settlement } from './movement.ts'

type Voiding = Pick<Movement, 'actor' | 'at'> & {
  reason: string | null
  settlement?: Settlement | null
  /** Minor units; all that is left where none is given. */
  amount?: Minor | undefined
}

/** Takes back what is left of a grant, or part of it; what was used stays used. Undefined where nothing is left. */
export function planVoid(
  state: GrantState,
  { amount, settlement = null, ...voiding }: Voiding,
): Moved | undefined {
  const balance = balanceOf(state)
  const taken = amount !== undefined && amount < balance ? amount : balance
  return taken > 0n ? move(state, { kind: 'voided', amount: taken, settlement, ...voiding }) : undefined
}
