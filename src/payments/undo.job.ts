import { type Actor, audit } from '../access/access.store.ts'
import { reversalsOfInvoice } from '../invoicing/corrections/credit-note.store.ts'
import { allocationsOfInvoice, findInvoice } from '../invoicing/invoicing.store.ts'
import { isSettledMeanwhile } from '../invoicing/settlement.store.ts'
import { type Allocation, standingAllocations } from '../invoicing/settlement.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { assert, conflict, notFound } from '../kernel/problem.ts'
import { closedPeriods } from '../ledger/periods.store.ts'
import { commit, type Db } from '../storage/db.store.ts'
import type { Payment } from './payment.ts'
import { findAllocation } from './payments.store.ts'
import { recoveredOf } from './recovered.ts'
import { readRefundInput } from './refund.job.ts'
import { writeUndo } from './refunds.store.ts'
import { partsOf, planUndo, type UndoPlan } from './undo.ts'

const ATTEMPTS_MAX = 5

/**
 * Takes back the decision that a payment is for an invoice: the invoice is open again, the money unapplied. Undone
 * again, nothing changes. Answers the payment's id.
 *
 * @throws Problem 404 for an allocation that is not there, or is not of a payment; 409 `loss_recovered` where it recovered
 *   a loss, and a part of it was paid back or credited since.
 */
export const undoAllocation = (db: Db, actor: Actor, id: string, reason: string): Promise<string> =>
  tryAgain(async () => {
    const found = await findAllocation(db, id)
    if (!found) throw notFound('allocation', id)
    const { allocation, payment } = found
    const { today } = await readRefundInput(db, actor, payment.id)
    const plan = await readUndo(db, actor, payment, allocation, { reason, today })
    if (plan.allocations.length === 0) return payment.id
    const closed = await closedPeriods(db, [payment.entityRef])
    const log = { action: 'allocation.undo', subject: id, after: { reason } }
    await commit(db, [...writeUndo(db, plan, closed), ...audit(db, actor, log)])
    return payment.id
  })

/** What undoing one allocation of a payment writes; nothing where it was taken back before. */
export async function readUndo(
  db: Db,
  { principal, now }: Pick<Actor, 'principal' | 'now'>,
  payment: Payment,
  allocation: Pick<Allocation, 'id' | 'paymentId' | 'invoiceId'>,
  { reason, today }: { reason: string; today: LocalDate },
): Promise<UndoPlan> {
  const found = await findInvoice(db, allocation.invoiceId)
  assert(found, `the allocation ${allocation.id} names an invoice that is not here`)
  const { invoice } = found
  const rows = await allocationsOfInvoice(db, invoice.id)
  const standing = partsOf(standingAllocations(rows), allocation)
  const reversals = await reversalsOfInvoice(db, invoice.id)
  const recovered = recoveredOf(allocation.id, rows, reversals, invoice.currency)
  if (recovered && standing.some(({ left, amount }) => left !== amount)) {
    throw conflict(
      'loss_recovered',
      `The payment recovered what was written off of invoice ${invoice.number}, and a part of it was paid back or credited since; that stays.`,
    )
  }
  return planUndo({ payment, standing, invoice, recovered, reason, today, actor: principal.label, now })
}

/** Reads, decides and commits again where other money came in between. */
export async function tryAgain<T>(step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    try {
      return await step()
    } catch (error) {
      if (!isSettledMeanwhile(error)) throw error
    }
  }
  throw conflict('payment_contended', 'The money of this payment keeps being used; send this one again.')
}
