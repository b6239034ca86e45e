/** The events that we act on. Each only says that something changed; the object itself is then asked for. */
export const HANDLED_EVENTS: ReadonlySet<string> = new Set([
  'checkout.session.completed',
  'checkout.session.expired',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'charge.updated',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'payout.created',
  'payout.paid',
  'payout.failed',
  'payout.canceled',
  'payout.reconciliation_completed',
])

export const isSessionEvent = (type: string): boolean => type.startsWith('checkout.session.')

export const isRefundEvent = (type: string): boolean => type.startsWith('refund.')

export const isDisputeEvent = (type: string): boolean => type.startsWith('charge.dispute.')

export const isChargeEvent = (type: string): boolean => type === 'charge.updated'

export const isPayoutEvent = (type: string): boolean => type.startsWith('payout.')
