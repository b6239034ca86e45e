import { currencyDigits } from '../../kernel/currency.ts'
import type { Minor } from '../../kernel/money.ts'
import { invalid } from '../../kernel/problem.ts'

/**
 * Where Stripe counts in another unit than ISO 4217: ISK and UGX have no minor unit but are sent in hundredths, the
 * ariary has one that Stripe does not know. Source: https://docs.stripe.com/currencies
 */
const STRIPE_DIGITS: Record<string, number> = { ISK: 2, UGX: 2, MGA: 0 }

/** Stripe takes amounts of three decimals only when the last one is 0: 5.120 KWD, never 5.124. */
const STEP_OF_DIGITS: Record<number, bigint> = { 3: 10n }

/**
 * An amount in ISO minor units as the whole number that Stripe takes.
 *
 * @throws Problem 422 `amount_not_chargeable` when Stripe cannot express the amount; it is never rounded, since the
 *   invoice would then be paid by more or less than what is open.
 * @example toStripeAmount(105000n, 'USD') // 105000
 * @example toStripeAmount(500n, 'ISK') // 50000
 */
export function toStripeAmount(amount: Minor, currency: string): number {
  const scaled = amount * stripeUnits(currency)
  const step = (STEP_OF_DIGITS[stripeDigits(currency)] ?? 1n) * isoUnits(currency)
  if (amount <= 0n || scaled % step !== 0n || scaled / isoUnits(currency) > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw invalid(
      'amount_not_chargeable',
      `Cards cannot be charged this amount of ${currency}; pay it by another method.`,
    )
  }
  return Number(scaled / isoUnits(currency))
}

/**
 * An amount of Stripe's in ISO minor units; `currency` in either case.
 *
 * @throws RangeError for an amount finer than the currency's minor unit, which Stripe never sends.
 */
export function fromStripeAmount(amount: number, currency: string): Minor {
  const code = currency.toUpperCase()
  const scaled = BigInt(amount) * isoUnits(code)
  if (scaled % stripeUnits(code) !== 0n) throw new RangeError(`${amount} is no whole amount of ${code}`)
  return scaled / stripeUnits(code)
}

const stripeDigits = (currency: string): number => STRIPE_DIGITS[currency] ?? currencyDigits(currency)
const stripeUnits = (currency: string): bigint => 10n ** BigInt(stripeDigits(currency))
const isoUnits = (currency: string): bigint => 10n ** BigInt(currencyDigits(currency))
