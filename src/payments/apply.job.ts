import { type Actor, audit } from '../access/access.store.ts'
import { enqueue } from '../delivery/outbox.store.ts'
import { allocations } from '../invoicing/allocations.schema.ts'
import { lineReversals } from '../invoicing/corrections/credit-notes.schema.ts'
import { findInvoice } from '../invoicing/invoicing.store.ts'
import type { Minor } from '../kernel/money.ts'
import { invalid, notFound } from '../kernel/problem.ts'
import { postEntries } from '../ledger/ledger.store.ts'
import { closedPeriods } from '../ledger/periods.store.ts'
import { commit, type Db, insertRows } from '../storage/db.store.ts'
import { planApplication } from './apply.ts'
import { candidateInvoices } from './candidates.store.ts'
import { readRefundInput } from './refund.job.ts'
import { tryAgain } from './undo.job.ts'

export type ApplyRequest = {
  invoiceRef: string
  /** Minor units; without it as much as the invoice takes. */
  amount?: Minor | undefined
  reason: string
  key: string
}

/**
 * Applies money of a payment that waits to an invoice that a person names, once for its key. Answers the payment's id.
 *
 * @throws Problem 404; 422 for another currency or seller, or for more than waits or is owed; 409 `nothing_unapplied`.
 */
export const applyPayment = (db: Db, actor: Actor, paymentId: string, request: ApplyRequest): Promise<void> =>
  tryAgain(async () => {
    const input = await readRefundInput(db, actor, paymentId)
    const found = await findInvoice(db, request.invoiceRef)
    if (!found) throw notFound('invoice', request.invoiceRef)
    const { payment } = input
    const { invoice } = found
    if (invoice.entityRef !== payment.entityRef || invoice.currency !== payment.currency) {
      throw invalid(
        'payment_mismatch',
        `Invoice ${invoice.number} is of another seller or in another currency.`,
      )
    }
    const [candidate] = await candidateInvoices(db, { ...payment, invoiceId: invoice.id })
    if (!candidate) throw notFound('invoice', request.invoiceRef)
    const plan = planApplication({ ...input, ...request, candidate })
    const closed = await closedPeriods(db, [payment.entityRef])
    await commit(db, [
      ...insertRows(db, allocations, plan.allocations),
      ...insertRows(db, lineReversals, plan.reversals),
      ...postEntries(db, plan.entries, closed),
      ...enqueue(db, plan.outbox, actor.now),
      ...audit(db, actor, {
        action: 'payment.apply',
        subject: paymentId,
        after: { invoice: invoice.id, reason: request.reason },
      }),
    ])
  })
