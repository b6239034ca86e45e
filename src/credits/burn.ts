import type { Instant } from '../kernel/calendar.ts'
import type { Draw } from './draw.ts'
import { type GrantState, type Moved, move } from './movement.ts'

/** The movements by which grants pay for an invoice. */
export const burn = (draws: readonly Draw[], invoiceId: string, issuedAt: Instant): Moved[] =>
  draws.map(({ state, amount }) =>
    move(state, { kind: 'burnt', amount, invoiceId, actor: 'billing', at: issuedAt }),
  )

/** A wallet after movements: what the next invoice of the same plan finds. */
export function walletAfter(wallet: readonly GrantState[], moved: readonly Moved[]): GrantState[] {
  const changed = new Map(moved.map(({ state }) => [state.grant.ref, state]))
  return wallet.map((state) => changed.get(state.grant.ref) ?? state)
}
