import { type Actor, audit } from '../access/access.store.ts'
import { parseMoney } from '../kernel/money.ts'
import { conflict, invalid, notFound } from '../kernel/problem.ts'
import { NOTHING_CLOSED } from '../ledger/accounting-period.ts'
import { postEntries } from '../ledger/ledger.store.ts'
import { commit, type Db, isUniqueViolation } from '../storage/db.store.ts'
import { voidedEntries } from './credit-entry.ts'
import { endSeries, findCredit, insertMovements } from './credits.store.ts'
import { balanceOf, type GrantState, owedOf, type Settlement } from './movement.ts'
import { planVoid } from './void-grant.ts'

/** `amount` is in major units; without it all that is left is taken back. */
export type VoidRequest = {
  amount?: string | undefined
  settlement?: Settlement | undefined
  reason?: string | undefined
}

/** Times that a void is planned anew because an invoice used the credit first. */
const ATTEMPTS_MAX = 5

/**
 * Takes back what is left of a grant and ends its series. What invoices have used stays used; voided again, nothing
 * changes. Throws `settlement_missing` where money is owed for what is taken back, and nobody says what becomes of it, and
 * `credit_of_invoice` where it is to be paid back though an invoice has charged it.
 */
export async function voidCredit(db: Db, actor: Actor, ref: string, request: VoidRequest): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const found = await findCredit(db, ref)
    if (!found) throw notFound('credit', ref)
    const amount = checkedAmount(found.state, request)
    refuseUnsettled(found.state, request)
    const { principal, now } = actor
    const settlement = request.settlement ?? 'forfeit'
    const reason = request.reason ?? null
    const voiding = { amount, settlement, reason, actor: principal.label, at: now }
    const moved = planVoid(found.state, voiding)
    const left = moved ? balanceOf(moved.state) : 0n
    try {
      await commit(db, [
        ...insertMovements(db, moved ? [moved] : []),
        ...postEntries(db, moved ? voidedEntries(moved, settlement) : [], NOTHING_CLOSED),
        ...(left === 0n ? [endSeries(db, ref)] : []),
        ...(moved ? audit(db, actor, { action: 'credit.void', subject: ref, after: request }) : []),
      ])
      return
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
    }
  }
  throw conflict('credit_contended', `Invoices keep using the credit "${ref}"; send this again.`)
}

function checkedAmount({ grant }: GrantState, { amount }: VoidRequest) {
  if (amount === undefined) return undefined
  const minor = parseMoney(amount, grant.currency)
  if (minor !== undefined && minor > 0n) return minor
  const message = `must be a positive amount with at most the decimals of ${grant.currency}`
  throw invalid('invalid_amount', `The amount ${amount} ${message}.`, [{ path: 'amount', message }])
}

function refuseUnsettled(state: GrantState, { settlement }: VoidRequest): void {
  const { ref, invoiceId } = state.grant
  if (invoiceId !== null && settlement === 'refund') {
    const message = `must be "forfeit", since the invoice ${invoiceId} sold it: credit that line, and its money is free`
    throw invalid(
      'credit_of_invoice',
      `The credit "${ref}" cannot be paid back like this: settlement ${message}.`,
      [{ path: 'settlement', message }],
    )
  }
  if (settlement !== undefined || owedOf(state) === 0n || balanceOf(state) === 0n) return
  const message = 'must say whether the money is paid back ("refund") or kept ("forfeit")'
  throw invalid('settlement_missing', `The credit "${ref}" was paid for: settlement ${message}.`, [
    { path: 'settlement', message },
  ])
}
