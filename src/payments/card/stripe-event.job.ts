import type { Effect } from '../../delivery/effect.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { assert } from '../../kernel/problem.ts'
import { findStripeEvent } from './card.store.ts'
import { settleCharge } from './charge-fee.job.ts'
import { settleDispute } from './dispute.job.ts'
import { settlePayout } from './payout.job.ts'
import { settleRefund } from './refund-card.job.ts'
import { settleIntent, settleSession } from './settle.job.ts'
import { stripeClient } from './stripe.client.ts'
import {
  isChargeEvent,
  isDisputeEvent,
  isPayoutEvent,
  isRefundEvent,
  isSessionEvent,
} from './stripe-event.ts'

/**
 * Acts on an event of Stripe. Events come late, repeatedly and in any order, so what an event says is not believed:
 * the object it names is fetched, and its present status decides.
 */
export const handleStripeEvent: Effect<EffectContext, 'stripe_event'> = async (context, { eventId }) => {
  const event = await findStripeEvent(context.db, eventId)
  assert(event, `the event ${eventId} was kept with its outbox row`)
  if (isDisputeEvent(event.type)) return settleDispute(context, event.objectId)
  if (isChargeEvent(event.type)) return settleCharge(context, event.objectId)
  if (isPayoutEvent(event.type)) return settlePayout(context, event.objectId)
  if (isRefundEvent(event.type)) return settleRefund(context, event.objectId)
  if (!isSessionEvent(event.type)) return settleIntent(context, event.objectId)
  await settleSession(context, await stripeClient(context.env).checkout.sessions.retrieve(event.objectId))
}
