import { currencyDigits } from './currency.ts'
import {
  parseDecimal,
  placePoint,
  type Rational,
  type RoundingMode,
  rational,
  roundToInteger,
} from './rational.ts'

/** An amount of fiat money as a whole number of minor units (cents, yen, fils). */
export type Minor = bigint

/**
 * Rounds an exact amount in major units to minor units of its currency, once, at the end of a line.
 * Half away from zero unless the legal entity has chosen half-even.
 */
export function toMinor(amount: Rational, currency: string, mode: RoundingMode = 'half_up'): Minor {
  const scale = 10n ** BigInt(currencyDigits(currency))
  return roundToInteger(rational(amount.num * scale, amount.den), mode)
}

/** The exact amount in major units: 105000 cents are 1050. */
export const fromMinor = (minor: Minor, currency: string): Rational =>
  rational(minor, 10n ** BigInt(currencyDigits(currency)))

/** `1050.00` for 105000 cents; always the currency's own digits, never a thousands separator. */
export const formatMoney = (minor: Minor, currency: string): string =>
  placePoint(minor, currencyDigits(currency))

/** Reads `1050.00`. Undefined for what is no decimal, or is finer than the currency's minor unit. */
export function parseMoney(text: string, currency: string): Minor | undefined {
  const value = parseDecimal(text)
  if (!value) return undefined
  const scaled = value.num * 10n ** BigInt(currencyDigits(currency))
  return scaled % value.den === 0n ? scaled / value.den : undefined
}

/** The total of amounts of one currency; of none it is zero. */
export const sum = (amounts: readonly Minor[]): Minor => amounts.reduce((total, amount) => total + amount, 0n)

/** For people: `$1,050.00`, in the reader's language. The amount goes to Intl as text, so no digit is lost. */
export function displayMoney(minor: Minor, currency: string, locale = 'en'): string {
  const digits = currencyDigits(currency)
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return format.format(formatMoney(minor, currency) as `${number}`)
}

/**
 * Splits `total` in proportion to `weights` so that the parts add up to it exactly (largest remainder; on a tie the
 * larger weight, then the earlier place). Weights must not be negative; if all are zero the parts are equal.
 *
 * @example allocate(100n, [1n, 1n, 1n]) // [34n, 33n, 33n]
 */
export function allocate(total: Minor, weights: readonly bigint[]): Minor[] {
  if (weights.length === 0) return []
  if (weights.some((weight) => weight < 0n)) throw new RangeError('a weight is negative')
  if (total < 0n) return allocate(-total, weights).map((part) => -part)
  const weightSum = sum(weights)
  const shares = weightSum === 0n ? weights.map(() => 1n) : weights
  const shareSum = weightSum === 0n ? BigInt(weights.length) : weightSum
  const parts = shares.map((share) => (total * share) / shareSum)
  const left = total - sum(parts)
  const order = shares
    .map((share, place) => ({ place, share, remainder: (total * share) % shareSum }))
    .sort((a, b) => descending(a.remainder, b.remainder) || descending(a.share, b.share) || a.place - b.place)
  for (const { place } of order.slice(0, Number(left))) parts[place]! += 1n
  return parts
}

const descending = (a: bigint, b: bigint): number => (a > b ? -1 : a < b ? 1 : 0)
