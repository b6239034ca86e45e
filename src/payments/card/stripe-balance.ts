import { type Instant, localDate } from '../../kernel/calendar.ts'
import type { Payment } from '../payment.ts'
import type { ProcessorTransaction } from './processor-transaction.ts'
import { fromStripeAmount } from './stripe-amount.ts'

/** What is read of a balance transaction; amounts in Stripe's smallest unit, `created` in seconds. */
type BalanceTransaction = {
  id: string
  type: string
  currency: string
  amount: number
  fee: number
  created: number
}

/** What Stripe charges without a payment. */
const OWN_FEES: ReadonlySet<string> = new Set(['stripe_fee', 'stripe_fx_fee', 'tax_fee', 'network_cost'])

export const isOwnFee = ({ type }: Pick<BalanceTransaction, 'type'>): boolean => OWN_FEES.has(type)

type Recorded = { timezone: string; now: Instant }

/**
 * A balance transaction of a payment's charge, refund or dispute. The fee of a dispute is in the dispute's own entry,
 * where Stripe settles in the currency of the payment: the movement then counts without it.
 */
export function transactionOf(
  found: BalanceTransaction,
  source: { object: string; amount: number; currency: string },
  payment: Pick<Payment, 'id' | 'entityRef' | 'customerRef'>,
  recorded: Recorded,
): ProcessorTransaction {
  const { amount, fee, ...facts } = factsOf(found, recorded)
  const inDispute = source.object === 'dispute' && found.currency === source.currency && fee > 0n
  const origin = fromStripeAmount(source.amount, source.currency)
  return {
    ...facts,
    entityRef: payment.entityRef,
    paymentId: payment.id,
    customerRef: payment.customerRef,
    originCurrency: source.currency.toUpperCase(),
    originAmount: found.amount < 0 ? -origin : origin,
    amount: inDispute ? amount - fee : amount,
    fee: inDispute ? 0n : fee,
  }
}

/** A fee of Stripe's own is a movement of nothing with that fee. */
export function ownFeeOf(
  found: BalanceTransaction,
  entityRef: string,
  recorded: Recorded,
): ProcessorTransaction {
  const { amount, fee, ...facts } = factsOf(found, recorded)
  return {
    ...facts,
    entityRef,
    paymentId: null,
    customerRef: null,
    originCurrency: facts.currency,
    originAmount: 0n,
    amount: 0n,
    fee: fee - amount,
  }
}

const factsOf = (found: BalanceTransaction, { timezone, now }: Recorded) => ({
  id: found.id,
  type: found.type,
  currency: found.currency.toUpperCase(),
  amount: fromStripeAmount(found.amount, found.currency),
  fee: fromStripeAmount(found.fee, found.currency),
  movedOn: localDate(found.created * 1000, timezone),
  payoutId: null,
  recordedAt: now,
})
