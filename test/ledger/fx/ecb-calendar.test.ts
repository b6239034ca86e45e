import { describe, expect, it } from 'vitest'
import { lastDayPublished, workingDayBefore } from '../../../src/ledger/fx/ecb-calendar.ts'
import { isDue, type RateSource } from '../../../src/ledger/fx/rate-source.ts'

describe('the latest day that the ECB has published', () => {
  it.each([
    // In winter Frankfurt is an hour ahead of UTC: 16:15 there is 15:15.
    ['a Monday before the hour', '2026-11-23T15:14:59Z', '2026-11-20'],
    ['a Monday after it', '2026-11-23T15:15:00Z', '2026-11-23'],
    // In summer it is two hours.
    ['a Friday in summer', '2026-07-03T14:15:00Z', '2026-07-03'],
    ['a Saturday', '2026-11-21T20:00:00Z', '2026-11-20'],
    ['a Sunday night that is Monday in Frankfurt', '2026-11-22T23:30:00Z', '2026-11-20'],
    // Easter Sunday is 5 April 2026: Thursday, 2 April is the last before Tuesday, 7 April.
    ['Good Friday', '2026-04-03T20:00:00Z', '2026-04-02'],
    ['Easter Monday', '2026-04-06T20:00:00Z', '2026-04-02'],
    ['the Tuesday after Easter', '2026-04-07T20:00:00Z', '2026-04-07'],
    ['Labour Day, a Friday in 2026', '2026-05-01T20:00:00Z', '2026-04-30'],
    // Friday 25 and Saturday 26 December, then a Sunday.
    ['Christmas', '2026-12-27T20:00:00Z', '2026-12-24'],
    ['New Year', '2027-01-01T20:00:00Z', '2026-12-31'],
  ])('on %s', (_, at, day) => {
    expect(lastDayPublished(Date.parse(at))).toBe(day)
  })

  it.each([
    // Easter Sundays of the almanac; the Thursday before Good Friday is the last working day of the week.
    ['2024-03-31', '2024-03-28'],
    ['2025-04-20', '2025-04-17'],
    ['2027-03-28', '2027-03-25'],
    ['2038-04-25', '2038-04-22'],
  ])('keeps Easter of %s', (sunday, thursday) => {
    expect(workingDayBefore(sunday)).toBe(thursday)
  })
})

describe('a source is asked', () => {
  const source: RateSource = { name: 'x', lastDay: () => '2026-11-23', fetchRates: async () => [] }
  const now = Date.parse('2026-11-23T16:00:00Z')
  const minutesAgo = (minutes: number) => now - minutes * 60_000

  it.each([
    ['for the first time', undefined, undefined, true],
    ['when a day is missing', '2026-11-20', undefined, true],
    ['not when the day is there', '2026-11-23', undefined, false],
    ['not again at once', '2026-11-20', minutesAgo(14), false],
    ['again after a quarter of an hour', '2026-11-20', minutesAgo(15), true],
  ])('%s', (_, latestDay, askedAt, due) => {
    expect(isDue(source, { latestDay, askedAt }, now)).toBe(due)
  })
})
