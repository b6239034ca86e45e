import { formatDecimal } from '../../kernel/rational.ts'
import type { ForeignEntry, FunctionalCurrency, FunctionalLine } from './functional-line.ts'
import { type Balance, measureEntry, NO_BALANCE } from './measurement.ts'
import { type AppliedRate, type RateBook, rateOn } from './rate.ts'

/** An entry with its functional amounts, and the rate of those that were not carried over from earlier entries. */
export type MeasuredEntry = { entryId: string; lines: FunctionalLine[]; rate: AppliedRate | undefined }

export type Books = FunctionalCurrency & {
  rates: RateBook
  /** The open items that the entries move, as earlier entries left them. */
  balances: ReadonlyMap<string, Balance>
  /** The functional lines of the entries that these take back. */
  reversed: ReadonlyMap<string, readonly FunctionalLine[]>
}

/**
 * Measures the entries of one set of books in one currency, in the order they were posted, each with the rate of the day
 * of its event. It stops before the first whose rate is not known: the amount that a later entry settles an item at would
 * depend on when the rate came.
 */
export function measureInOrder(entries: readonly ForeignEntry[], books: Books): MeasuredEntry[] {
  const balances = new Map(books.balances)
  const done = new Map(books.reversed)
  const measured: MeasuredEntry[] = []
  for (const entry of entries) {
    const rate = rateOn(books.rates, {
      from: entry.currency,
      to: books.functionalCurrency,
      date: entry.belongsTo ?? entry.postingDate,
    })
    const lines = measureEntry(entry, {
      ...books,
      rate,
      balanceOf: (item) => balances.get(item) ?? NO_BALANCE,
      reversed: entry.reverses === null ? undefined : done.get(entry.reverses),
    })
    if (!lines) break
    for (const line of lines) carry(balances, line)
    done.set(entry.id, lines)
    measured.push({ entryId: entry.id, lines, rate })
  }
  return measured
}

function carry(balances: Map<string, Balance>, { item, amount, functionalAmount }: FunctionalLine): void {
  if (item === null) return
  const before = balances.get(item) ?? NO_BALANCE
  balances.set(item, { amount: before.amount + amount, functional: before.functional + functionalAmount })
}

/** A rate for people, to 12 places: amounts are never worked out again from it. */
export const shownRate = ({ rate }: AppliedRate): string => formatDecimal(rate, 12)
