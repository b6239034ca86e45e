import type { Instant, LocalDate } from '../../kernel/calendar.ts'
import type { FxRate } from './rate.ts'

/**
 * A publisher of exchange rates that is asked over the network: the port for a source. One more is a client that makes
 * one of these, and a line in `sourcesOf` of fetch-rates.job.ts; everything else goes by its name.
 */
export type RateSource = {
  /** What entities name as their `fx_source`, and what its rates are kept under. */
  name: string
  /** The latest day whose rates should be out at an instant, by the publisher's own calendar. */
  lastDay: (at: Instant) => LocalDate
  /**
   * What it publishes: at least the days behind `after`, up to `upTo`; as far back as one answer goes where `after` is
   * not known. Throws a Problem that says what went wrong: it is asked again later.
   */
  fetchRates: (days: { after: LocalDate | undefined; upTo: LocalDate }) => Promise<FxRate[]>
}

/** What is known of a source: the latest day with rates of its, and when it was asked for the last time. */
export type SourceState = { latestDay: LocalDate | undefined; askedAt: Instant | undefined }

/** Wait before a source is asked again that failed, or was late. */
const AGAIN_MS = 15 * 60_000

/** True when a source should have rates of a later day than are there, and was not asked just before. */
export const isDue = (source: RateSource, { latestDay, askedAt }: SourceState, now: Instant): boolean =>
  (latestDay === undefined || latestDay < source.lastDay(now)) &&
  (askedAt === undefined || now - askedAt >= AGAIN_MS)
