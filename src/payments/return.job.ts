import { type Actor, audit } from '../access/access.store.ts'
import { balanceOf } from '../credits/movement.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { conflict } from '../kernel/problem.ts'
import { closedPeriods } from '../ledger/periods.store.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { planRefund, refundId } from './plan-refund.ts'
import { dayBetween, readRefundInput } from './refund.job.ts'
import type { Refund } from './refund.ts'
import { findRefund, writeRefund, writeUndo } from './refunds.store.ts'
import { readUndo, tryAgain } from './undo.job.ts'

type ReturnRequest = { reason: string; fee?: Minor | undefined; returnedOn?: LocalDate | undefined }

/** A payment comes back once. */
const RETURN_KEY = 'returned'

/**
 * Records that the payer's bank took a payment back: the invoices that it settled are open again by the same amount,
 * what was credit is none, and the money has left. Recorded again, nothing changes.
 *
 * @throws Problem 404; 409 `credit_used` where invoices have used credit that came from it, 409 `loss_recovered`.
 */
export const returnPayment = (
  db: Db,
  actor: Actor,
  paymentId: string,
  { reason, fee, returnedOn }: ReturnRequest,
): Promise<{ refund: Refund; created: boolean }> =>
  tryAgain(async () => {
    const known = await findRefund(db, refundId(paymentId, RETURN_KEY))
    if (known) return { refund: known, created: false }
    const { found, today, ...input } = await readRefundInput(db, actor, paymentId)
    const { payment } = input
    const paidOn = dayBetween(payment.receivedOn, returnedOn ?? today, today, 'returned_on')
    refuseUsedCredit(found.credit, sum(input.grants.map(balanceOf)))
    const undone = []
    for (const allocation of found.allocations) {
      undone.push(await readUndo(db, actor, payment, allocation, { reason, today: paidOn }))
    }
    const unapplied = input.unapplied + sum(found.allocations.map(({ amount }) => amount))
    const plan = planRefund({ ...input, unapplied, fee, kind: 'return', key: RETURN_KEY, reason, paidOn })
    const closed = await closedPeriods(db, [payment.entityRef])
    await commit(db, [
      ...undone.flatMap((one) => writeUndo(db, one, closed)),
      ...writeRefund(db, plan, closed),
      ...audit(db, actor, { action: 'payment.return', subject: paymentId, after: { reason } }),
    ])
    return { refund: plan.refund, created: true }
  })

function refuseUsedCredit(given: Minor, left: Minor): void {
  if (left >= given) return
  throw conflict(
    'credit_used',
    'Invoices have used credit that came from this payment; void or credit those first.',
  )
}
