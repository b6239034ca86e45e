import { findEntity } from '../../customers/customers.store.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { closedPeriods } from '../../ledger/periods.store.ts'
import { commit } from '../../storage/db.store.ts'
import { paymentIdOf } from '../payment.ts'
import { findPayment } from '../payments.store.ts'
import { tryAgain } from '../undo.job.ts'
import { transactionsById, writeTransactions } from './payouts.store.ts'
import { settleIntent } from './settle.job.ts'
import { stripeClient } from './stripe.client.ts'
import { transactionOf } from './stripe-balance.ts'

/** Posts what Stripe keeps of a charge, where it said so only after the payment was booked. */
export async function settleCharge(context: EffectContext, chargeId: string): Promise<void> {
  const { env, db, now } = context
  const charge = await stripeClient(env).charges.retrieve(chargeId, { expand: ['balance_transaction'] })
  const { payment_intent: intent, balance_transaction: moved } = charge
  if (!intent || !moved || typeof moved === 'string') return
  const intentId = typeof intent === 'string' ? intent : intent.id
  await settleIntent(context, intentId)
  const payment = (await findPayment(db, paymentIdOf('card', intentId)))?.payment
  if (!payment) return
  const timezone = (await findEntity(db, payment.entityRef))?.timezone ?? 'UTC'
  await tryAgain(async () => {
    if ((await transactionsById(db, [moved.id])).has(moved.id)) return
    const closed = await closedPeriods(db, [payment.entityRef])
    await commit(
      db,
      writeTransactions(db, [transactionOf(moved, charge, payment, { timezone, now })], closed),
    )
  })
}
