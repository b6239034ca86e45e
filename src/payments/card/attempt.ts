/** What came of an attempt to take money from a card. `pending`: nothing is decided yet. */
type AttemptOutcome = 'pending' | 'succeeded' | 'declined' | 'needs_customer' | 'canceled'

export type AttemptResult = { outcome: AttemptOutcome; declineCode: string | null }

/** The part of a PaymentIntent that decides the outcome. */
export type IntentState = {
  status: string
  last_payment_error: { code?: string; decline_code?: string } | null
}

/**
 * Reads the outcome from the PaymentIntent as it is now, so that events may come late, twice or in any order.
 *
 * A refused intent goes back to `requires_payment_method`, where a new one stands too: the error tells them apart.
 * Source: https://docs.stripe.com/payments/paymentintents/lifecycle
 */
export function readAttempt({ status, last_payment_error: refusal }: IntentState): AttemptResult {
  if (status === 'succeeded') return { outcome: 'succeeded', declineCode: null }
  if (status === 'canceled') return { outcome: 'canceled', declineCode: null }
  if (status === 'requires_action' || refusal?.code === 'authentication_required') {
    return { outcome: 'needs_customer', declineCode: 'authentication_required' }
  }
  if (status === 'requires_payment_method' && refusal) {
    return { outcome: 'declined', declineCode: refusal.decline_code ?? refusal.code ?? 'unknown' }
  }
  return { outcome: 'pending', declineCode: null }
}

/** True for an intent that was made but never put to the card. */
export const isUntried = ({ status, last_payment_error: refusal }: IntentState): boolean =>
  status === 'requires_confirmation' || (status === 'requires_payment_method' && !refusal)
