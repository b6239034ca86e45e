import { type Instant, type LocalDate, localDate, startOfDay } from '../../kernel/calendar.ts'
import type { ContractTerms } from '../contract.ts'

/** What of the terms says in which zone a date lies. */
export type ZoneTerms = Pick<ContractTerms, 'timezone' | 'earlier_zones'>

/**
 * The instant at which a date of a contract begins. A change of zone holds from a boundary on: that boundary itself still
 * lies at midnight of the zone before, so that the cycle before it keeps its end, and the next one begins there.
 *
 * @example UTC up to 1 March, then Asia/Tokyo: 1 March begins at 00:00Z, 1 April at 15:00Z of 31 March
 */
export const instantOf = (terms: ZoneTerms, date: LocalDate): Instant => startOfDay(date, zoneOf(terms, date))

/** The date of a contract that an instant belongs to: never before the boundary at which its zone begins. */
export function dateAt(terms: ZoneTerms, at: Instant): LocalDate {
  let from: LocalDate | undefined
  for (const { timezone, until } of terms.earlier_zones ?? []) {
    if (at < startOfDay(until, timezone)) return notBefore(from, localDate(at, timezone))
    from = until
  }
  return notBefore(from, localDate(at, terms.timezone))
}

/** The terms in another zone from the boundary on `until`; a zone that never held leaves no trace. */
export function inZone<T extends ZoneTerms>(terms: T, timezone: string, until: LocalDate): T {
  if (timezone === terms.timezone) return terms
  const earlier = terms.earlier_zones ?? []
  const held = earlier.at(-1)?.until === until ? [] : [{ timezone: terms.timezone, until }]
  return { ...terms, timezone, earlier_zones: [...earlier, ...held] }
}

/** The zone in which a date begins; of a cycle's end, the one that held in all of the cycle. */
export function zoneOf({ timezone, earlier_zones = [] }: ZoneTerms, date: LocalDate): string {
  return earlier_zones.find(({ until }) => date <= until)?.timezone ?? timezone
}

const notBefore = (from: LocalDate | undefined, date: LocalDate): LocalDate =>
  from !== undefined && date < from ? from : date
