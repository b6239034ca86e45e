import type { LocalDate } from '../../kernel/calendar.ts'
import { formatDecimal } from '../../kernel/rational.ts'
import { joinedWith, measureCombined } from './combination.ts'
import { dayOf, type ForeignEntry, type FunctionalCurrency, type FunctionalLine } from './functional-line.ts'
import { type Holding, NO_HOLDING } from './holding.ts'
import { measureEntry } from './measurement.ts'
import { carried, pooled } from './pool.ts'
import { type Joining, type PositionGroups, withJoined } from './position-group.ts'
import { type AppliedRate, type RateBook, rateOn } from './rate.ts'

/** An entry with its functional amounts, and the rate of those that were not carried over from earlier entries. */
export type MeasuredEntry = { entryId: string; lines: FunctionalLine[]; rate: AppliedRate | undefined }

export type Books = FunctionalCurrency & {
  rates: RateBook
  /** The open items that the entries move, as earlier entries left them; their moves after the first day of the entries. */
  holdings: ReadonlyMap<string, Holding>
  /** The contracts that the first of the entries finds accounted for as one, and all that any of them may join. */
  groups: PositionGroups
  joinings: readonly Joining[]
  /** The functional lines of the entries that these take back. */
  reversed: ReadonlyMap<string, readonly FunctionalLine[]>
}

/**
 * Measures the entries of one set of books in one currency, in the order they were posted, each with the rate of the day
 * of its event. It stops before the first whose rate is not known: the amount that a later entry settles an item at would
 * depend on when the rate came.
 */
export function measureInOrder(entries: readonly ForeignEntry[], books: Books): MeasuredEntry[] {
  let { groups } = books
  let holdings = pooled(books.holdings, groups)
  const done = new Map(books.reversed)
  const measured: MeasuredEntry[] = []
  const holdingOf = (pool: string): Holding => holdings.get(pool) ?? NO_HOLDING
  for (const entry of entries) {
    const rate = rateOn(books.rates, {
      from: entry.currency,
      to: books.functionalCurrency,
      date: dayOf(entry),
    })
    const reversed = entry.reverses === null ? undefined : done.get(entry.reverses)
    const joining = joinedWith(entry, books.joinings)
    const measure = { ...books, rate, holdingOf, groups, reversed }
    const lines = joining.length > 0 ? measureCombined(entry, joining, measure) : measureEntry(entry, measure)
    if (!lines) break
    groups = withJoined(groups, joining)
    holdings = carried(joining.length > 0 ? pooled(holdings, groups) : holdings, lines, groups)
    done.set(entry.id, lines)
    measured.push({ entryId: entry.id, lines, rate })
  }
  return measured
}

/** The first of the days that entries belong to. */
export const firstDayOf = (entries: readonly ForeignEntry[]): LocalDate =>
  entries.map(dayOf).reduce((first, day) => (day < first ? day : first))

/** A rate for people, to 12 places: amounts are never worked out again from it. */
export const shownRate = ({ rate }: AppliedRate): string => formatDecimal(rate, 12)
