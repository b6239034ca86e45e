import { insertMovements } from '../../credits/credits.store.ts'
import { findEntity } from '../../customers/customers.store.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { localDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { postEntries } from '../../ledger/ledger.store.ts'
import { closedPeriods } from '../../ledger/periods.store.ts'
import { commit, isUniqueViolation } from '../../storage/db.store.ts'
import { paymentIdOf } from '../payment.ts'
import { findPayment } from '../payments.store.ts'
import { type Dispute, disputeEntries, disputeState } from './dispute.ts'
import { creditLost } from './disputed-credit.ts'
import { creditBoughtBy, findDispute, writeDispute } from './disputes.store.ts'
import { settleIntent } from './settle.job.ts'
import { type StripeDispute, stripeClient } from './stripe.client.ts'
import { fromStripeAmount } from './stripe-amount.ts'

/** Brings our books to what a dispute is at Stripe now. Events may come twice and in any order. */
export async function settleDispute(context: EffectContext, disputeId: string): Promise<void> {
  const { env, db, now } = context
  const found = await stripeClient(env).disputes.retrieve(disputeId)
  const state = disputeState(found.status)
  if (!state || !found.payment_intent) return
  const intentId = typeof found.payment_intent === 'string' ? found.payment_intent : found.payment_intent.id
  // The dispute may be heard of before the payment.
  await settleIntent(context, intentId)
  const payment = (await findPayment(db, paymentIdOf('card', intentId)))?.payment
  if (!payment) return
  const known = await findDispute(db, found.id)
  const amount = known?.amount ?? fromStripeAmount(found.amount, found.currency)
  const isLostNow = state === 'lost' && (known?.state ?? 'open') === 'open'
  const loss = { disputed: amount, payment: payment.amount, reason: found.reason, now }
  const { moved, taken } = creditLost(isLostNow ? await creditBoughtBy(db, payment) : [], loss)
  const dispute: Dispute = {
    id: found.id,
    paymentId: payment.id,
    currency: found.currency.toUpperCase(),
    amount,
    fee: known?.fee ?? feeOf(found),
    creditTaken: taken,
    reason: found.reason,
    state,
    openedAt: known?.openedAt ?? now,
    closedAt: state === 'open' ? null : now,
  }
  const entity = await findEntity(db, payment.entityRef)
  const day = localDate(now, entity?.timezone ?? 'UTC')
  const entries = disputeEntries(dispute, known?.state, { payment, day, now })
  if (entries.length === 0) return
  try {
    await commit(db, [
      ...writeDispute(db, dispute, known !== undefined),
      ...insertMovements(db, moved),
      ...postEntries(db, entries, await closedPeriods(db, [payment.entityRef])),
    ])
  } catch (error) {
    // Another event of the same dispute was quicker, or an invoice used the credit: what is left to do is found again.
    if (!isUniqueViolation(error)) throw error
    await settleDispute(context, disputeId)
  }
}

/** What Stripe withdrew beyond the amount, where it settles in the currency of the payment. */
const feeOf = ({ balance_transactions: movements, currency }: StripeDispute): Minor =>
  sum(
    movements
      .filter((movement) => movement.currency === currency && movement.fee > 0)
      .map(({ fee }) => fromStripeAmount(fee, currency)),
  )
