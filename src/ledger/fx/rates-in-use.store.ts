import { and, eq, gte, lte, or } from 'drizzle-orm'
import type { Instant, LocalDate } from '../../kernel/calendar.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import { fxRates } from './fx.schema.ts'
import type { ForeignBooks } from './measurement.store.ts'
import { type FxRate, oldestInUse, type RateBook, rateBookOf } from './rate.ts'

/** A rate, and when it was imported. */
export type ImportedRate = FxRate & { importedAt: Instant }

/** When an entry was measured, and the day of the rate that was used: imported by the time that the run came to it. */
export type UsedRate = { measuredAt: Instant; rateDate: LocalDate | null }

/**
 * What is published for these days, and may be in use on them: of pairs with one of the two currencies, which is enough to
 * cross any third one.
 */
export const ratesInUse = (
  db: Db,
  { fxSource, currency, functionalCurrency }: ForeignBooks,
  days: readonly LocalDate[],
): Promise<ImportedRate[]> => {
  const [first = '', ...others] = [...days].sort()
  const { source, base, quote, date, rate, importedAt } = fxRates
  const pair = [currency, functionalCurrency]
  return db
    .select({ base, quote, date, rate, importedAt })
    .from(fxRates)
    .where(
      and(
        eq(source, fxSource),
        gte(date, oldestInUse(first)),
        lte(date, others.at(-1) ?? first),
        or(inList(base, pair), inList(quote, pair)),
      ),
    )
}

/** The rates that were known to a measurement, among those that are known by now. */
export const knownTo = (rates: readonly ImportedRate[], { measuredAt, rateDate }: UsedRate): RateBook =>
  rateBookOf(rates.filter(({ importedAt, date }) => importedAt <= measuredAt || date <= (rateDate ?? '')))
