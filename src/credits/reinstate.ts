import type { Instant } from '../kernel/calendar.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { lapsesAt } from './grant.ts'
import { planDue } from './lapse.ts'
import { type GrantState, type Moved, type Movement, move } from './movement.ts'

/** The grants that an invoice has used, and what it has moved of them. */
export type InvoiceCredit = { states: readonly GrantState[]; movements: readonly Movement[] }

type Voided = { invoiceId: string; reason: string; actor: string; at: Instant }

/** Gives what a voided invoice has used back to the grants it came from; done again, nothing is left to give back. */
export const planReinstate = ({ states, movements }: InvoiceCredit, voided: Voided): Moved[] =>
  states.flatMap((state) => {
    const amount = usedOf(movements.filter(({ grantRef }) => grantRef === state.grant.ref))
    return amount > 0n ? [move(state, { kind: 'reinstated', amount, ...voided })] : []
  })

/** When a grant that got something back needs looking at: at once where it would have lapsed by now. */
export const dueAfter = (state: GrantState, at: Instant): Instant | null =>
  planDue(state, at).dueAt ?? lapsesAt(state.grant)

const usedOf = (movements: readonly Movement[]): Minor =>
  sum(movements.map(({ kind, amount }) => (kind === 'reinstated' ? -amount : amount)))
