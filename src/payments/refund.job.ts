import { type Actor, audit } from '../access/access.store.ts'
import { findEntity } from '../customers/customers.store.ts'
import { enqueue } from '../delivery/outbox.store.ts'
import type { OutboxRow } from '../delivery/outbox.ts'
import { isSettledMeanwhile } from '../invoicing/settlement.store.ts'
import { type LocalDate, localDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { conflict, invalid, notFound } from '../kernel/problem.ts'
import { closedPeriods } from '../ledger/periods.store.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { heldTokens } from './crypto/token-receipts.store.ts'
import { type FoundPayment, findPayment } from './payments.store.ts'
import { planRefund, type RefundInput, refundId } from './plan-refund.ts'
import type { Refund } from './refund.ts'
import { findRefund, grantsOfPayment, writeRefund } from './refunds.store.ts'
import { unappliedOf } from './undo.ts'

export type RefundRequest = {
  /** Minor units; without it all that can be paid back. */
  amount?: Minor | undefined
  fee?: Minor | undefined
  reason: string
  paidOn?: LocalDate | undefined
  /** Business identity within the payment. */
  key: string
}

const ATTEMPTS_MAX = 5

/**
 * Pays money of a payment back, once for its key. A card is asked afterwards, with the refund in the books already;
 * what was sent by hand is recorded as it happened.
 *
 * @throws Problem 404 for a payment that is not there, 422 as `planRefund` does.
 */
export async function refundPayment(
  db: Db,
  actor: Actor,
  paymentId: string,
  request: RefundRequest,
): Promise<{ refund: Refund; created: boolean }> {
  const id = refundId(paymentId, request.key)
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const known = await findRefund(db, id)
    if (known) return { refund: known, created: false }
    const input = await readRefundInput(db, actor, paymentId)
    const plan = planRefund({ ...input, ...request, paidOn: paidOnOf(input, request), kind: 'refund' })
    const closed = await closedPeriods(db, [input.payment.entityRef])
    const log = {
      action: 'payment.refund',
      subject: paymentId,
      after: { ...request, amount: String(plan.refund.amount), fee: String(plan.refund.fee) },
    }
    try {
      await commit(db, [
        ...writeRefund(db, plan, closed),
        ...enqueue(db, messagesOf(plan.refund, actor.now), actor.now),
        ...audit(db, actor, log),
      ])
      return { refund: plan.refund, created: true }
    } catch (error) {
      if (!isSettledMeanwhile(error)) throw error
    }
  }
  throw conflict('payment_contended', 'The money of this payment keeps being used; send this one again.')
}

type ReadInput = Pick<RefundInput, 'payment' | 'unapplied' | 'grants' | 'held' | 'actor' | 'now'> & {
  today: LocalDate
  found: FoundPayment
}

/** What every way of giving money back is planned with. */
export async function readRefundInput(
  db: Db,
  { principal, now }: Pick<Actor, 'principal' | 'now'>,
  paymentId: string,
): Promise<ReadInput> {
  const found = await findPayment(db, paymentId)
  if (!found) throw notFound('payment', paymentId)
  const { payment } = found
  const applied = sum(found.allocations.map(({ amount }) => amount))
  const entity = await findEntity(db, payment.entityRef)
  const today = localDate(now, entity?.timezone ?? 'UTC')
  return {
    found,
    payment,
    unapplied: unappliedOf(payment, { ...found, applied }),
    grants: await grantsOfPayment(db, paymentId),
    held: payment.rail === 'crypto' ? await heldTokens(db, paymentId) : undefined,
    // A bank in a zone that is ahead books the payment under a day that the seller has yet to see.
    today: today < payment.receivedOn ? payment.receivedOn : today,
    actor: principal.label,
    now,
  }
}

/** A card is asked today; money that was sent by hand left between its arrival and today. */
function paidOnOf({ payment, today }: ReadInput, { paidOn }: RefundRequest): LocalDate {
  if (paidOn === undefined || payment.rail === 'card') return today
  return dayBetween(payment.receivedOn, paidOn, today, 'paid_on')
}

/** The day, where money that arrived on the first can have left on it by the last. */
export function dayBetween(first: LocalDate, day: LocalDate, last: LocalDate, path: string): LocalDate {
  if (day >= first && day <= last) return day
  const message = `must be from ${first}, when the money came, to ${last}`
  throw invalid('date_out_of_range', `The date ${day} ${message}.`, [{ path, message }])
}

/** A refund by card is carried out by Stripe, and then the customer is told; any other has happened. */
function messagesOf({ id, state }: Refund, now: number): OutboxRow[] {
  const payload = { refundId: id }
  return state === 'pending'
    ? [{ id: derivedId('obx', 'card_refund', id), topic: 'card_refund', payload, dueAt: now }]
    : [refundMail(id, now)]
}

export const refundMail = (refundId: string, now: number): OutboxRow => ({
  id: derivedId('obx', 'refund_mail', refundId),
  topic: 'refund_mail',
  payload: { refundId },
  dueAt: now,
})
