import type { LocalDate } from '../../kernel/calendar.ts'
import { currencyDigits } from '../../kernel/currency.ts'
import { decimal, max, multiply, type Rational, rational, sum, ZERO } from '../../kernel/rational.ts'
import type { KnownSsp, ResidualGround, Ssp } from '../allocation/ssp.ts'
import type { Piece } from './service.ts'

export const SSP_PERIODS = ['once', 'month', 'year'] as const
export const SSP_METHODS = ['observed', 'adjusted_market', 'cost_plus_margin', 'residual'] as const

/** A price in major units, decimal strings: a point, a range, or what the others leave over. */
type SspPrice =
  | { amount: string }
  | { low: string; high: string }
  | { residual: ResidualGround; observed?: { low: string; high: string } | undefined }

/** What one unit of a product sells for alone, and how that is known (ASC 606-10-32-31 to 32-35, IFRS 15.76 to 80). */
export type SspEntry = {
  product_ref: string
  currency: string
  /** The price is for one unit once, or for each month or year of it. */
  per: (typeof SSP_PERIODS)[number]
  price: SspPrice
  method: (typeof SSP_METHODS)[number]
  evidence: string
}

/** Products that are regularly sold together, at which price, and how that is known (ASC 606-10-32-37, IFRS 15.82). */
export type SspBundle = {
  /** Decimal strings; a unit is what the selling price of the product is for: one, or one for a month or a year. */
  products: { product_ref: string; quantity: string }[]
  currency: string
  /** Of one bundle, in major units. */
  price: string
  evidence: string
}

/** A version of an entity's book; it is never changed. */
export type SspBook = {
  version: number
  effectiveDate: LocalDate
  entries: readonly SspEntry[]
  bundles: readonly SspBundle[]
  createdAt: number
}

/**
 * The version that holds for what is agreed on a day, of those that were written by the time it was agreed: a later
 * version changes no contract that is there (ASC 606-10-32-43, IFRS 15.88). Versions in their order.
 */
export const bookFor = (
  books: readonly SspBook[],
  { date, knownAt }: { date: LocalDate; knownAt: number },
): SspBook | undefined =>
  books.findLast(({ effectiveDate, createdAt }) => effectiveDate <= date && createdAt <= knownAt)

export const entryFor = (
  book: SspBook | undefined,
  productRef: string,
  currency: string,
): SspEntry | undefined =>
  book?.entries.find((entry) => entry.product_ref === productRef && entry.currency === currency)

/**
 * What a service sells for alone, in exact minor units: the price of a unit, times the units of each piece, times its
 * months or years. A range keeps the `stated` price beside it.
 *
 * @example 10.00 a month, 5 seats for a year and 8 for another: 5 × 12 × 10 + 8 × 12 × 10 = 1,560.00
 */
export function sspOf({ currency, per, price }: SspEntry, pieces: readonly Piece[], stated: Rational): Ssp {
  const units = unitsOf(per, pieces)
  const total = (text: string): Rational =>
    multiply(multiply(decimal(text), rational(10n ** BigInt(currencyDigits(currency)))), units)
  if ('amount' in price) return { is: 'point', amount: total(price.amount) }
  if ('low' in price) return { is: 'range', low: total(price.low), high: total(price.high), stated }
  const { residual: because, observed } = price
  const bounds = observed && { low: total(observed.low), high: total(observed.high) }
  return { is: 'residual', because, ...(bounds && { observed: bounds }) }
}

/** How many units of a selling price there are in a service: its quantity, times its months or years. */
export const unitsOf = (per: SspEntry['per'], pieces: readonly Piece[]): Rational =>
  sum(pieces.map((piece) => multiply(decimal(piece.quantity), periodsOf(per, piece))))

/** Where a residual would need all other prices anew, what was agreed for it is taken. */
export const knownSsp = (ssp: Ssp, stated: Rational): KnownSsp =>
  ssp.is === 'residual' ? statedSsp(stated) : ssp

/** A price that stands for the selling price; nothing sells for less than nothing. */
export const statedSsp = (stated: Rational): KnownSsp => ({ is: 'point', amount: max(stated, ZERO) })

const MONTHS_OF_YEAR = rational(1n, 12n)

function periodsOf(per: SspEntry['per'], { months }: Piece): Rational {
  if (per === 'once') return rational(1n)
  return per === 'month' ? months : multiply(months, MONTHS_OF_YEAR)
}
