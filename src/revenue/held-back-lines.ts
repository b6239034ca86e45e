import type { HeldBack } from '../invoicing/corrections/write-off.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { sum } from '../kernel/money.ts'
import { heldBackBefore } from './line-schedule.ts'
import type { UnscheduledLine } from './recognition.ts'
import { unmetOn } from './transaction-price/contract-criteria.ts'

/**
 * By invoice line, what was given before a day and waits for a contract (ASC 606-10-25-7, IFRS 15.15), in minor units: its
 * own part less that of what was taken back of it, which `lineOf` names the line of. A line of which nothing waits is
 * missing. By the criteria of the primary book, which is the one that decides what an invoice that is given up was.
 *
 * @example 310.00 for January, unmet from the 11th on, at 1 February: 210.00 for the days from 11 January
 */
export function heldBackOfLines(
  services: readonly UnscheduledLine[],
  lineOf: ReadonlyMap<string, string>,
  day: LocalDate,
): Map<string, HeldBack> {
  const taken = Map.groupBy(services, ({ lineId }) => lineOf.get(lineId))
  return new Map(
    (taken.get(undefined) ?? []).flatMap((line): [string, HeldBack][] => {
      const own = [line, ...(taken.get(line.lineId) ?? [])]
      const amount = sum(own.map((one) => heldBackBefore(one, day)))
      const span = unmetOn(line.unmet?.primary ?? [], day)
      return span && amount !== 0n ? [[line.lineId, { amount, ...daysHeld(line, span.from, day) }]] : []
    }),
  )
}

/** The days of the service that wait: those from the judgement on, and of usage all, which counts by its months. */
function daysHeld(
  { serviceStart, serviceEnd, usageByMonth }: UnscheduledLine,
  from: LocalDate,
  day: LocalDate,
) {
  const isMetered = Object.keys(usageByMonth).length > 0
  if (isMetered) return { serviceStart, serviceEnd }
  return {
    serviceStart: from > serviceStart && from < serviceEnd ? from : serviceStart,
    serviceEnd: day < serviceEnd && day > serviceStart ? day : serviceEnd,
  }
}
