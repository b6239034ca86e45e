import { isLocalDate, type LocalDate } from '../../kernel/calendar.ts'
import { isCurrency } from '../../kernel/currency.ts'
import { type Minor, parseMoney } from '../../kernel/money.ts'
import { invalid, type Problem } from '../../kernel/problem.ts'

/** More than this is split by the bank, or by whoever sends it; it also bounds the work of one call. */
export const ENTRIES_MAX = 10_000
const REFERENCE_MAX = 1_000
const SHOWN_MAX = 40

/** The file cannot be taken; `where` is the place a person can go to, such as `row 7, column "date"`. */
export const unreadable = (where: string, message: string): Problem =>
  invalid('bank_statement_unreadable', `Nothing was imported: ${where} ${message}.`, [
    { path: where, message },
  ])

/** Reads `1050.00` or `+.5` exactly; refuses more digits than the currency has, and what the books cannot hold. */
export function moneyAt(text: string, currency: string, where: string): Minor {
  if (!isCurrency(currency))
    throw unreadable(where, `has the currency ${quoted(currency)}, which is no ISO 4217 code`)
  const plain = text
    .trim()
    .replace(/^\+/, '')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.$/, '')
  const amount = parseMoney(plain, currency)
  if (amount === undefined) {
    throw unreadable(
      where,
      `has the amount ${quoted(text)}, which is no plain decimal such as 1234.50, or is finer than ${currency} goes`,
    )
  }
  if (amount > MAX || amount < -MAX)
    throw unreadable(where, `has the amount ${quoted(text)}, which is too large`)
  return amount
}

export function dateAt(text: string, where: string): LocalDate {
  if (!isLocalDate(text))
    throw unreadable(where, `has the date ${quoted(text)}; a date must be written YYYY-MM-DD`)
  return text
}

/** Accounts are written in groups of four, in either case; they are compared without. */
export const bareAccount = (text: string): string => text.replace(/\s/g, '').toUpperCase()

/** The distinct texts in one line; banks repeat the same words in several fields. */
export const oneLine = (texts: readonly string[]): string =>
  [...new Set(texts.map((text) => text.replace(/\s+/g, ' ').trim()))]
    .filter((text) => text !== '')
    .join(' ')
    .slice(0, REFERENCE_MAX)

const MAX = BigInt(Number.MAX_SAFE_INTEGER)

const quoted = (text: string): string =>
  JSON.stringify(text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text)
