import { addDays, type Instant, type LocalDate, localDate } from '../../kernel/calendar.ts'
import { isCurrency } from '../../kernel/currency.ts'
import {
  compare,
  decimal,
  divide,
  multiply,
  ONE,
  parseDecimal,
  type Rational,
} from '../../kernel/rational.ts'

/** What a source published for a day: one unit of `base` is worth `rate` units of `quote`; a decimal, exact. */
export type FxRate = { base: string; quote: string; date: LocalDate; rate: string }

/** A rate in use: the exact factor, and the day it was published for (of two legs the earlier one). */
export type AppliedRate = { rate: Rational; date: LocalDate }

/** What is asked for: units of `to` for one unit of `from` on a day. */
export type RateQuestion = { from: string; to: string; date: LocalDate }

/** A published rate is used this many days at most: banking holidays are shorter, and a feed that stopped is seen. */
const RATE_DAYS_MAX = 7

/**
 * The source whose rates say what tokens are worth: the price of a day for each symbol. Books in other currencies are
 * measured with the rates of the other sources.
 */
export const TOKEN_SOURCE = 'tokens'

/** True for the symbol of a token, in capitals; a code of ISO 4217 is none. */
export const isToken = (code: string): boolean =>
  /^[A-Z0-9][A-Z0-9.₮+_-]{1,19}$/.test(code) && !isCurrency(code)

/** True for what rates of a source can have as their base. */
export const isBase = (source: string, code: string): boolean =>
  isCurrency(code) || (source === TOKEN_SOURCE && isToken(code))

/** The rates of one source by pair, each pair in the order of days. */
export type RateBook = ReadonlyMap<string, readonly FxRate[]>

const pairOf = (base: string, quote: string): string => `${base}/${quote}`

export const rateBookOf = (rates: readonly FxRate[]): RateBook =>
  Map.groupBy(
    [...rates].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)),
    ({ base, quote }) => pairOf(base, quote),
  )

/**
 * The rate in use on a day: the latest that was published on or before it, at most `RATE_DAYS_MAX` days old. A pair that
 * nobody publishes is found by its inverse, or across a third currency (the first in the alphabet that has both legs);
 * both are exact, since rates are held as rationals. Undefined where none is known.
 *
 * @example EUR/USD 1.25 and EUR/GBP 0.80 are published: GBP to USD is 1.25 / 0.80 = 1.5625
 */
export function rateOn(book: RateBook, { from, to, date }: RateQuestion): AppliedRate | undefined {
  if (from === to) return { rate: ONE, date }
  const direct = legOn(book, from, to, date)
  if (direct) return direct
  for (const pivot of currenciesOf(book)) {
    const first = legOn(book, from, pivot, date)
    const second = first && legOn(book, pivot, to, date)
    if (!second) continue
    const [older = date] = [first.date, second.date].sort()
    return { rate: multiply(first.rate, second.rate), date: older }
  }
  return undefined
}

/** A pair as published, or its inverse, whichever is of the later day. */
function legOn(book: RateBook, from: string, to: string, date: LocalDate): AppliedRate | undefined {
  const published = latest(book.get(pairOf(from, to)), date)
  const inverse = latest(book.get(pairOf(to, from)), date)
  if (inverse && (!published || inverse.date > published.date)) {
    return { rate: divide(ONE, decimal(inverse.rate)), date: inverse.date }
  }
  return published && { rate: decimal(published.rate), date: published.date }
}

const latest = (rates: readonly FxRate[] | undefined, date: LocalDate): FxRate | undefined =>
  rates?.findLast((rate) => rate.date <= date && rate.date >= oldestInUse(date))

/** The first day whose rates may be in use on a day. */
export const oldestInUse = (date: LocalDate): LocalDate => addDays(date, -RATE_DAYS_MAX)

/** Where a day begins first, it is the next one already. */
const DAYS_AHEAD = 1
/** The clock of the sandbox leaps over months, whose rates are brought along: three years. */
const SANDBOX_DAYS_AHEAD = 3 * 365 + 1

/**
 * The last day whose rates are taken. A rate never changes, so one that is filed under a wrong year could not be put
 * right when its day comes.
 *
 * @example lastRateDay(Date.parse('2026-11-23T12:00:00Z'), false) // '2026-11-24'
 */
export const lastRateDay = (now: Instant, inSandbox: boolean): LocalDate =>
  addDays(localDate(now, 'UTC'), inSandbox ? SANDBOX_DAYS_AHEAD : DAYS_AHEAD)

const currenciesOf = (book: RateBook): string[] =>
  [...new Set([...book.keys()].flatMap((pair) => pair.split('/')))].sort()

const RATE_MIN = decimal('1e-9')
const RATE_MAX = decimal('1e9')

/** True for what can be a rate: a decimal between a billionth and a billion. */
export function isRate(text: string): boolean {
  const value = parseDecimal(text)
  return value !== undefined && compare(value, RATE_MIN) >= 0 && compare(value, RATE_MAX) <= 0
}
