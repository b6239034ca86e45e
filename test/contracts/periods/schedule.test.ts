import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CYCLE_UNITS } from '../../../src/contracts/contract.ts'
import { anchorOf } from '../../../src/contracts/periods/alignment.ts'
import {
  boundaryDate,
  boundaryFrom,
  type CloseTerms,
  closeInstant,
  cyclePeriod,
  fullCyclePeriod,
  lastBoundary,
} from '../../../src/contracts/periods/schedule.ts'
import { addDays, localDate, startOfDay, toIso } from '../../../src/kernel/calendar.ts'

const terms = (given: Partial<CloseTerms>): CloseTerms => ({
  start_date: '2026-01-01',
  end_date: null,
  anchor_date: given.start_date ?? '2026-01-01',
  billing_cycle: { unit: 'MONTHLY', cycle: 1 },
  timezone: 'UTC',
  issue_offset_days: 0,
  grace_hours: 0,
  ...given,
})

const boundaries = (given: Partial<CloseTerms>, count: number): string[] =>
  Array.from({ length: count }, (_, k) => boundaryDate(terms(given), k))

describe('boundaryDate', () => {
  it.each([
    {
      name: 'keeps the 31st of the anchor through short months',
      given: { start_date: '2026-01-31' },
      expected: ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31'],
    },
    {
      name: 'gives a leap year its 29 February',
      given: { start_date: '2024-01-31' },
      expected: ['2024-01-31', '2024-02-29', '2024-03-31'],
    },
    {
      name: 'clamps a yearly 29 February and comes back to it',
      given: { start_date: '2024-02-29', billing_cycle: { unit: 'YEARLY', cycle: 1 } },
      expected: ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29'],
    },
    {
      name: 'knows no end of month: a quarterly 30 April stays on the 30th',
      given: { start_date: '2026-04-30', billing_cycle: { unit: 'QUARTERLY', cycle: 1 } },
      expected: ['2026-04-30', '2026-07-30', '2026-10-30', '2027-01-30', '2027-04-30'],
    },
    {
      name: 'counts half-years, clamped in February',
      given: { start_date: '2025-08-31', billing_cycle: { unit: 'HALF_YEARLY', cycle: 1 } },
      expected: ['2025-08-31', '2026-02-28', '2026-08-31', '2027-02-28'],
    },
    {
      name: 'counts several units as one cycle',
      given: { start_date: '2026-01-05', billing_cycle: { unit: 'WEEKLY', cycle: 2 } },
      expected: ['2026-01-05', '2026-01-19', '2026-02-02'],
    },
    {
      name: 'makes the first cycle a short one up to the anchor',
      given: { start_date: '2026-03-15', anchor_date: '2026-01-01' },
      expected: ['2026-03-15', '2026-04-01', '2026-05-01'],
    },
    {
      name: 'takes an anchor that lies after the start',
      given: { start_date: '2026-03-15', anchor_date: '2026-06-01' },
      expected: ['2026-03-15', '2026-04-01', '2026-05-01'],
    },
    {
      name: 'cuts the last cycle at the end, and stays there',
      given: { start_date: '2026-01-01', end_date: '2026-02-15' },
      expected: ['2026-01-01', '2026-02-01', '2026-02-15', '2026-02-15'],
    },
  ] as const)('$name', ({ given, expected }) => {
    expect(boundaries(given, expected.length)).toEqual(expected)
  })
})

describe('anchorOf', () => {
  it.each([
    // 10 February 2026 is a Tuesday.
    { unit: 'DAILY', cycle: 1, ends: ['2026-02-11', '2026-02-12'] },
    { unit: 'WEEKLY', cycle: 1, ends: ['2026-02-16', '2026-02-23'] },
    { unit: 'WEEKLY', cycle: 2, ends: ['2026-02-23', '2026-03-09'] },
    { unit: 'MONTHLY', cycle: 1, ends: ['2026-03-01', '2026-04-01'] },
    { unit: 'MONTHLY', cycle: 2, ends: ['2026-03-01', '2026-05-01'] },
    { unit: 'QUARTERLY', cycle: 1, ends: ['2026-04-01', '2026-07-01'] },
    { unit: 'HALF_YEARLY', cycle: 1, ends: ['2026-07-01', '2027-01-01'] },
    { unit: 'YEARLY', cycle: 1, ends: ['2027-01-01', '2028-01-01'] },
  ] as const)('by the calendar ends $cycle × $unit on $ends', ({ unit, cycle, ends }) => {
    const start_date = '2026-02-10'
    const anchor_date = anchorOf(start_date, unit, 'calendar')
    expect(boundaries({ start_date, anchor_date, billing_cycle: { unit, cycle } }, 3)).toEqual([
      start_date,
      ...ends,
    ])
  })

  it.each([
    { start: '2026-02-16', unit: 'WEEKLY', first: '2026-02-23' },
    { start: '2026-04-01', unit: 'QUARTERLY', first: '2026-07-01' },
  ] as const)('by the calendar has no stub from $start', ({ start, unit, first }) => {
    const anchor_date = anchorOf(start, unit, 'calendar')
    const whole = terms({ start_date: start, anchor_date, billing_cycle: { unit, cycle: 1 } })
    expect(cyclePeriod(whole, 1)).toEqual({ start, end: first })
    expect(fullCyclePeriod(whole, 1)).toEqual({ start, end: first })
  })

  it('by anniversary is the start', () => {
    expect(anchorOf('2026-02-10', 'QUARTERLY', 'anniversary')).toBe('2026-02-10')
  })
})

describe('lastBoundary', () => {
  it.each([
    { end: null, last: null },
    { end: '2026-01-02', last: 1 },
    { end: '2026-02-01', last: 1 },
    { end: '2026-02-02', last: 2 },
    { end: '2027-01-01', last: 12 },
  ])('of a monthly contract from 1 January that ends $end is $last', ({ end, last }) => {
    expect(lastBoundary(terms({ end_date: end }))).toBe(last)
  })
})

describe('closeInstant', () => {
  it.each([
    // 1 March 2024 in New York begins at 05:00Z, 1 April (daylight time) at 04:00Z.
    { k: 0, more: {}, at: '2024-03-01T05:00:00.000Z' },
    { k: 1, more: {}, at: '2024-04-01T04:00:00.000Z' },
    // Five days and two hours later.
    { k: 1, more: { issue_offset_days: 5, grace_hours: 2 }, at: '2024-04-06T06:00:00.000Z' },
  ])('of boundary $k with $more is $at', ({ k, more, at }) => {
    const newYork = terms({ start_date: '2024-03-01', timezone: 'America/New_York', ...more })
    expect(toIso(closeInstant(newYork, k))).toBe(at)
  })
})

const anyTerms = fc
  .record({
    anchorMonth: fc.integer({ min: 0, max: 251 }),
    anchorDay: fc.integer({ min: 1, max: 31 }),
    startsAfterDays: fc.integer({ min: -400, max: 400 }),
    unit: fc.constantFrom(...CYCLE_UNITS),
    cycle: fc.integer({ min: 1, max: 13 }),
    timezone: fc.constantFrom(
      'UTC',
      'America/New_York',
      // Half an hour of daylight saving, and offsets of 5:45 and 12:45.
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Pacific/Chatham',
      // Clocks go forward at midnight, so one day of the year begins at 01:00.
      'Africa/Cairo',
      'America/Havana',
      'Asia/Beirut',
    ),
    lengthDays: fc.option(fc.integer({ min: 1, max: 900 })),
  })
  .map(({ anchorMonth, anchorDay, startsAfterDays, unit, cycle, timezone, lengthDays }) => {
    const year = 2020 + Math.floor(anchorMonth / 12)
    const month = String((anchorMonth % 12) + 1).padStart(2, '0')
    const daysInMonth = new Date(Date.UTC(year, (anchorMonth % 12) + 1, 0)).getUTCDate()
    const anchor_date = `${year}-${month}-${String(Math.min(anchorDay, daysInMonth)).padStart(2, '0')}`
    const start_date = addDays(anchor_date, startsAfterDays)
    return terms({
      anchor_date,
      start_date,
      end_date: lengthDays === null ? null : addDays(start_date, lengthDays),
      billing_cycle: { unit, cycle },
      timezone,
    })
  })

describe('cycles', () => {
  it('tile the contract: no gap, no overlap, none empty, whatever the anchor, unit and zone', () => {
    fc.assert(
      fc.property(anyTerms, (any) => {
        const cycles = lastBoundary(any) ?? 12
        let end = any.start_date
        let endsAt = startOfDay(any.start_date, any.timezone)
        for (let n = 1; n <= Math.min(cycles, 12); n++) {
          const cycle = cyclePeriod(any, n)
          expect(cycle.start).toBe(end)
          expect(cycle.end > cycle.start).toBe(true)
          const startsAt = startOfDay(cycle.start, any.timezone)
          expect(startsAt).toBe(endsAt)
          ;[end, endsAt] = [cycle.end, startOfDay(cycle.end, any.timezone)]
          expect(endsAt).toBeGreaterThan(startsAt)
        }
        if (any.end_date !== null) expect(boundaryDate(any, cycles)).toBe(any.end_date)
      }),
      { numRuns: 400 },
    )
  })

  it('follow each other from 2020 to 2040 for every anchor day and unit, and return to that day', () => {
    for (const unit of ['MONTHLY', 'QUARTERLY', 'HALF_YEARLY', 'YEARLY'] as const) {
      for (let day = 1; day <= 31; day++) {
        const anchor_date = `2020-01-${String(day).padStart(2, '0')}`
        const every = terms({ start_date: anchor_date, billing_cycle: { unit, cycle: 1 } })
        const years = boundaries(every, 1 + boundaryFrom(every, '2040-01-01'))
        for (const [k, date] of years.entries()) {
          const month = new Date(`${date.slice(0, 7)}-01T00:00Z`)
          const last = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate()
          expect(Number(date.slice(8))).toBe(Math.min(day, last))
          const gone = 12 * (month.getUTCFullYear() - 2020) + month.getUTCMonth()
          expect(gone).toBe(k * { MONTHLY: 1, QUARTERLY: 3, HALF_YEARLY: 6, YEARLY: 12 }[unit])
        }
      }
    }
  })

  it('hold each instant once', () => {
    fc.assert(
      fc.property(anyTerms, fc.integer({ min: 0, max: 400 * 86_400 }), (any, seconds) => {
        const at = startOfDay(any.start_date, any.timezone) + seconds * 1000
        const date = localDate(at, any.timezone)
        if (any.end_date !== null && date >= any.end_date) return
        const n = boundaryFrom(any, addDays(date, 1))
        const holders = [n - 1, n, n + 1].filter((cycle) => {
          const { start, end } = cyclePeriod(any, cycle)
          return cycle > 0 && startOfDay(start, any.timezone) <= at && at < startOfDay(end, any.timezone)
        })
        expect(holders).toEqual([n])
      }),
      { numRuns: 200 },
    )
  })

  it('lie within their full cycle, which has the day of the anchor or the last of its month', () => {
    fc.assert(
      fc.property(anyTerms, fc.integer({ min: 1, max: 6 }), (any, n) => {
        const full = fullCyclePeriod(any, n)
        const cycle = cyclePeriod(any, Math.min(n, lastBoundary(any) ?? n))
        expect(fullCyclePeriod(any, Math.min(n, lastBoundary(any) ?? n)).start <= cycle.start).toBe(true)
        if (any.billing_cycle.unit === 'DAILY' || any.billing_cycle.unit === 'WEEKLY') return
        const wanted = Number(any.anchor_date.slice(8))
        const day = Number(full.end.slice(8))
        expect(day === wanted || (day < wanted && addDays(full.end, 1).endsWith('-01'))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('are found again from every date in them', () => {
    fc.assert(
      fc.property(anyTerms, fc.integer({ min: 0, max: 300 }), (any, days) => {
        const date = addDays(any.start_date, days)
        if (any.end_date !== null && date >= any.end_date) return
        const { start, end } = cyclePeriod(any, boundaryFrom(any, addDays(date, 1)))
        expect(start <= date && date < end).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})
