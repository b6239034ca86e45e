import { currencyDigits } from '../../kernel/currency.ts'
import type { Minor } from '../../kernel/money.ts'

/**
 * Base units of a token worth an amount of its currency, at par: 1 token is 1 unit of the currency. Undefined where
 * the token is too coarse to hold the amount exactly; an amount to pay is never rounded.
 *
 * @example tokenUnits(105000n, 'USD', 6) // 1050000000n: 1050.00 USD in a token of 6 decimals
 */
export function tokenUnits(amount: Minor, currency: string, decimals: number): bigint | undefined {
  const scaled = amount * 10n ** BigInt(decimals)
  const minorScale = 10n ** BigInt(currencyDigits(currency))
  return scaled % minorScale === 0n ? scaled / minorScale : undefined
}

/**
 * What base units of a token are worth at par, rounded down to the minor unit: a customer is never credited money that
 * did not arrive. The rest, below one minor unit, stays told in the units of the transfer.
 *
 * @example tokenValue(1999999n, 6, 'USD') // 199n: 1.999999 tokens are 1.99 USD
 */
export const tokenValue = (units: bigint, decimals: number, currency: string): Minor =>
  (units * 10n ** BigInt(currencyDigits(currency))) / 10n ** BigInt(decimals)
