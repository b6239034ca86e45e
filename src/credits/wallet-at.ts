import type { Instant } from '../kernel/calendar.ts'
import { lapsesAt } from './grant.ts'
import { planDue } from './lapse.ts'
import { type GrantState, untouched } from './movement.ts'

/**
 * A wallet as it will be at an instant if nothing is used until then: series go on and leftovers lapse, by the very plan
 * that does so when the day comes. For previews; nothing of it is written.
 */
export function walletAt(wallet: readonly GrantState[], at: Instant): GrantState[] {
  const states = new Map(wallet.map((state) => [state.grant.ref, state]))
  // Grants that follow are added behind, and so their turn comes too.
  for (const state of states.values()) {
    const { grants, moved } = planDue(state, at)
    for (const grant of grants) if (!states.has(grant.ref)) states.set(grant.ref, untouched(grant))
    states.set(state.grant.ref, moved.at(-1)?.state ?? state)
  }
  return [...states.values()].filter(({ grant }) => {
    const lapse = lapsesAt(grant)
    return lapse === null || lapse > at
  })
}
