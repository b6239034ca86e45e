import { keptCredit } from '../../credits/grant.ts'
import { findEntity } from '../../customers/customers.store.ts'
import type { Effect } from '../../delivery/effect.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { enqueue } from '../../delivery/outbox.store.ts'
import { localDate } from '../../kernel/calendar.ts'
import { assert } from '../../kernel/problem.ts'
import { postEntries } from '../../ledger/ledger.store.ts'
import { closedPeriods } from '../../ledger/periods.store.ts'
import { commit, isUniqueViolation } from '../../storage/db.store.ts'
import type { Payment } from '../payment.ts'
import { findPayment } from '../payments.store.ts'
import { CLEARING } from '../receipt-plan.ts'
import { refundMail } from '../refund.job.ts'
import type { Refund } from '../refund.ts'
import { failedEntry } from '../refund-entries.ts'
import { endRefund, findRefund, nameRefund } from '../refunds.store.ts'
import { recordRefund } from './dashboard-refund.job.ts'
import { type StripeRefund, stripeClient } from './stripe.client.ts'
import { toStripeAmount } from './stripe-amount.ts'

/**
 * Asks Stripe to give money back to a card. The refund is in the books already, and its id is the idempotency key: after
 * a crash at any point the same call meets the same refund at Stripe.
 */
export const refundCard: Effect<EffectContext, 'card_refund'> = async (context, { refundId }) => {
  const { env, db } = context
  const refund = await findRefund(db, refundId)
  const found = refund && (await findPayment(db, refund.paymentId))
  if (!refund || !found || refund.state !== 'pending') return
  const made = await stripeClient(env).refunds.create(
    {
      payment_intent: found.payment.externalKey,
      amount: toStripeAmount(refund.amount, refund.currency),
      metadata: { refund_id: refund.id },
    },
    { idempotencyKey: refund.id },
  )
  await commit(db, [nameRefund(db, refund.id, made.id)])
  await endAsAtStripe(context, made)
}

/** Brings a refund to what it is at Stripe now, also one that somebody made there without us. */
export async function settleRefund(context: EffectContext, stripeRefundId: string): Promise<void> {
  await endAsAtStripe(context, await stripeClient(context.env).refunds.retrieve(stripeRefundId))
}

/** Stripe's `failed` and `canceled` are final, and the money is back on our balance. */
async function endAsAtStripe(context: EffectContext, made: StripeRefund): Promise<void> {
  const { status, metadata } = made
  const refund = metadata?.refund_id
    ? await findRefund(context.db, metadata.refund_id)
    : await recordRefund(context, made)
  const found = refund && (await findPayment(context.db, refund.paymentId))
  if (!refund || !found || refund.state === 'failed') return
  if (status === 'failed' || status === 'canceled') return takeBack(context, refund, found.payment)
  if (status !== 'succeeded' || refund.state !== 'pending') return
  const { db, now } = context
  await commit(db, [
    ...endRefund(db, refund, { state: 'succeeded', endedAt: now }, []),
    ...enqueue(db, [refundMail(refund.id, now)], now),
  ])
}

/** The money is the customer's again: what was unapplied waits, what was credit is credit. */
async function takeBack({ db, now }: EffectContext, refund: Refund, payment: Payment): Promise<void> {
  const entity = await findEntity(db, payment.entityRef)
  assert(entity, `the payment ${payment.id} names the entity ${payment.entityRef}, which is not here`)
  const { timezone } = entity
  const credit = refund.amount - refund.fromUnapplied
  const { customerRef, entityRef, currency } = payment
  const kept = { source: 'credit_note' as const, sourceId: refund.id, moneyAccount: CLEARING[payment.rail] }
  const grants =
    credit > 0n && customerRef !== null
      ? [keptCredit({ ...kept, customerRef, entityRef, currency, timezone, amount: credit, now })]
      : []
  const entry = failedEntry(refund, payment, localDate(now, timezone), now)
  try {
    await commit(db, [
      ...endRefund(db, refund, { state: 'failed', endedAt: now }, grants),
      ...postEntries(db, [entry], await closedPeriods(db, [entityRef])),
    ])
  } catch (error) {
    // Another event of the same refund came first.
    if (!isUniqueViolation(error)) throw error
  }
}
