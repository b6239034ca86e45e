import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prorationFactor, servicePeriod } from '../../../src/contracts/periods/proration.ts'
import { addDays, daysBetween } from '../../../src/kernel/calendar.ts'
import { toMinor } from '../../../src/kernel/money.ts'
import { add, compare, decimal, isZero, multiply, ONE, rational } from '../../../src/kernel/rational.ts'

const monthly = {
  start_date: '2026-03-01',
  end_date: null,
  anchor_date: '2026-03-01',
  billing_cycle: { unit: 'MONTHLY', cycle: 1 },
  timezone: 'UTC',
  proration: 'day',
} as const

describe('prorationFactor', () => {
  it.each([
    { name: 'a whole cycle', terms: monthly, from: null, to: null, days: 31, of: 31 },
    {
      name: 'from the 15th on: 17 days, its own day included',
      terms: monthly,
      from: '2026-03-15',
      to: null,
      days: 17,
      of: 31,
    },
    {
      name: 'up to the 15th: 14 days, its own day not',
      terms: monthly,
      from: null,
      to: '2026-03-15',
      days: 14,
      of: 31,
    },
    { name: 'begun after the cycle', terms: monthly, from: '2026-04-01', to: null, days: 0, of: 31 },
    { name: 'over before the cycle', terms: monthly, from: null, to: '2026-03-01', days: 0, of: 31 },
    {
      name: 'a short first cycle, over the whole month that it is part of',
      terms: { ...monthly, start_date: '2026-03-15' },
      from: null,
      to: null,
      days: 17,
      of: 31,
    },
    {
      name: 'a contract that ends inside the cycle',
      terms: { ...monthly, end_date: '2026-03-11' },
      from: null,
      to: null,
      days: 10,
      of: 31,
    },
    {
      // The boundary before 28 February is 31 January, not 28 January: 28 days, of which 1 to 27 February are 27.
      name: 'an anchor on the 31st, by the series own boundary before',
      terms: { ...monthly, start_date: '2026-02-01', anchor_date: '2026-01-31' },
      from: null,
      to: null,
      days: 27,
      of: 28,
    },
  ])('$name: $days/$of', ({ terms, from, to, days, of }) => {
    expect(compare(prorationFactor(terms, 1, from, to), rational(BigInt(days), BigInt(of)))).toBe(0)
  })

  it.each([
    // On 8 March New York loses an hour: the month has 31 × 24 − 1 = 743 hours, and 17 × 24 = 408 of them from the 15th.
    { zone: 'America/New_York', from: '2026-03-15', to: null, used: 408, of: 743 },
    { zone: 'America/New_York', from: null, to: '2026-03-15', used: 335, of: 743 },
    { zone: 'UTC', from: '2026-03-15', to: null, used: 17, of: 31 },
    { zone: 'Asia/Kathmandu', from: '2026-03-15', to: null, used: 17, of: 31 },
  ])('by the second in $zone: $used/$of', ({ zone, from, to, used, of }) => {
    const terms = { ...monthly, timezone: zone, proration: 'second' } as const
    expect(compare(prorationFactor(terms, 1, from, to), rational(BigInt(used), BigInt(of)))).toBe(0)
  })

  it('by the second counts a clock that moves by half an hour', () => {
    // On 5 April Lord Howe gains half an hour: April has 30 × 48 + 1 half-hours, and from the 16th on 15 × 48.
    const terms = {
      ...monthly,
      start_date: '2026-04-01',
      timezone: 'Australia/Lord_Howe',
      proration: 'second',
    } as const
    expect(compare(prorationFactor(terms, 1, '2026-04-16', null), rational(720n, 1441n))).toBe(0)
  })

  it('by the second is zero for a day that its zone left out', () => {
    const day = '2011-12-30'
    const daily = {
      ...monthly,
      start_date: day,
      anchor_date: day,
      billing_cycle: { unit: 'DAILY', cycle: 1 },
      timezone: 'Pacific/Apia',
      proration: 'second',
    } as const
    expect(isZero(prorationFactor(daily, 1, null, null))).toBe(true)
  })

  it('of a yearly fee that is added is over its own year: 3,650 × 30/365 = 300', () => {
    const yearly = {
      ...monthly,
      start_date: '2026-01-01',
      anchor_date: '2026-01-01',
      billing_cycle: { unit: 'YEARLY', cycle: 1 },
    } as const
    const factor = prorationFactor(yearly, 1, '2026-12-02', null)
    expect(toMinor(multiply(decimal('3650'), factor), 'USD')).toBe(300_00n)
  })

  it('is the same wherever a day has 24 hours, by days and by seconds', () => {
    const zone = fc.constantFrom('UTC', 'Asia/Kathmandu', 'Etc/GMT+11', 'Pacific/Kiritimati')
    fc.assert(
      fc.property(
        zone,
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 24 }),
        (timezone, days, n) => {
          const from = addDays(monthly.start_date, 30 * (n - 1) + days)
          const byDay = prorationFactor(monthly, n, from, null)
          const bySecond = prorationFactor({ ...monthly, timezone, proration: 'second' }, n, from, null)
          expect(compare(byDay, bySecond)).toBe(0)
        },
      ),
    )
  })

  it('of the parts before and after a change add up to one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 24 }), (days, n) => {
        const change = addDays(monthly.start_date, 30 * (n - 1) + days)
        const before = prorationFactor(monthly, n, null, change)
        const after = prorationFactor(monthly, n, change, null)
        expect(compare(add(before, after), ONE)).toBe(0)
      }),
    )
  })
})

it('servicePeriod gives the days billed, and nothing where there are none', () => {
  expect(servicePeriod(monthly, 2, '2026-04-10', '2026-04-20')).toEqual({
    start: '2026-04-10',
    end: '2026-04-20',
  })
  expect(servicePeriod(monthly, 1, '2026-04-10', '2026-04-20')).toBeUndefined()
  expect(daysBetween('2026-04-10', '2026-04-20')).toBe(10)
})
