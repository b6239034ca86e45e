import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../src/kernel/calendar.ts'
import { sum } from '../../src/kernel/money.ts'
import { earnedBy, revenuePortions } from '../../src/revenue/schedule.ts'

const service = (amount: bigint, serviceStart: string, serviceEnd: string, usageByMonth = {}) => ({
  amount,
  serviceStart,
  serviceEnd,
  usageByMonth,
})

const amounts = (portions: ReturnType<typeof revenuePortions>) =>
  Object.fromEntries(portions.map(({ postingDate, amount }) => [postingDate, amount]))

const byMonth = (portions: ReturnType<typeof revenuePortions>) =>
  [...Map.groupBy(portions, ({ month }) => month)].map(([month, own]) => [
    month,
    sum(own.map(({ amount }) => amount)),
  ])

describe('straight line over days', () => {
  it.each([
    {
      // 3.33, 6.67 and 10.00 up to the end of each day.
      case: '10.00 over three days: the running total is rounded, not the day',
      of: service(1000n, '2026-01-01', '2026-01-04'),
      gives: { '2026-01-01': 333n, '2026-01-02': 334n, '2026-01-03': 333n },
    },
    {
      case: 'the mirror image of 10.00 over three days',
      of: service(-1000n, '2026-01-01', '2026-01-04'),
      gives: { '2026-01-01': -333n, '2026-01-02': -334n, '2026-01-03': -333n },
    },
    {
      // 2 x 7 / 31 is 0.45 and 2 x 8 / 31 is 0.52; 2 x 23 / 31 is 1.48 and 2 x 24 / 31 is 1.55.
      case: '0.02 over 31 days: a cent where the running total passes a half',
      of: service(2n, '2026-01-01', '2026-02-01'),
      gives: { '2026-01-08': 1n, '2026-01-24': 1n },
    },
    {
      // After one day of two it is half a cent, which is rounded away from zero.
      case: 'a single cent over two days',
      of: service(1n, '2026-07-31', '2026-08-02'),
      gives: { '2026-07-31': 1n },
    },
    {
      case: 'the mirror image of a single cent',
      of: service(-1n, '2026-07-31', '2026-08-02'),
      gives: { '2026-07-31': -1n },
    },
    {
      case: 'the 29th of February of a leap year',
      of: service(300n, '2028-02-28', '2028-03-02'),
      gives: { '2028-02-28': 100n, '2028-02-29': 100n, '2028-03-01': 100n },
    },
    {
      case: 'one day',
      of: service(999n, '2026-12-31', '2027-01-01'),
      gives: { '2026-12-31': 999n },
    },
    {
      case: 'no days at all',
      of: service(999n, '2026-12-31', '2026-12-31'),
      gives: { '2026-12-31': 999n },
    },
    { case: 'nothing', of: service(0n, '2026-01-01', '2026-04-01'), gives: {} },
  ])('$case', ({ of, gives }) => {
    expect(amounts(revenuePortions(of, 'daily'))).toEqual(gives)
  })

  it('31.00 over 15 January to 14 February is 1.00 a day', () => {
    const portions = revenuePortions(service(3100n, '2026-01-15', '2026-02-15'), 'daily')
    expect(portions).toHaveLength(31)
    expect(portions.every(({ amount }) => amount === 100n)).toBe(true)
    expect(portions[0]).toEqual({ month: '2026-01', postingDate: '2026-01-15', amount: 100n })
    expect(portions.at(-1)).toEqual({ month: '2026-02', postingDate: '2026-02-14', amount: 100n })
    // 15 to 31 January are 17 days, 1 to 14 February are 14.
    expect(byMonth(portions)).toEqual([
      ['2026-01', 1700n],
      ['2026-02', 1400n],
    ])
  })

  it('1,200.00 over a year from 15 January 2026', () => {
    // 365 days. January 17: 55.89041. Up to February 45: 147.94521, less 55.89 is 92.06.
    // Up to March 76: 249.86301, less 147.95 is 101.91. The days: 3.28767 -> 3.29; 6.57534 -> 6.58, less 3.29 is 3.29;
    // 9.86301 -> 9.86, less 6.58 is 3.28.
    const portions = revenuePortions(service(120000n, '2026-01-15', '2027-01-15'), 'daily')
    expect(portions).toHaveLength(365)
    expect(portions.slice(0, 3).map(({ amount }) => amount)).toEqual([329n, 329n, 328n])
    expect(byMonth(portions).slice(0, 3)).toEqual([
      ['2026-01', 5589n],
      ['2026-02', 9206n],
      ['2026-03', 10191n],
    ])
    expect(portions.at(-1)).toMatchObject({ month: '2027-01', postingDate: '2027-01-14' })
  })
})

describe('in the months of use', () => {
  it('takes each month as it was metered, dated by its last day of service', () => {
    const portions = revenuePortions(
      service(1000n, '2026-01-15', '2026-02-15', { '2026-02': '300', '2026-01': '700' }),
      'usage',
    )
    expect(portions).toEqual([
      { month: '2026-01', postingDate: '2026-01-31', amount: 700n },
      { month: '2026-02', postingDate: '2026-02-14', amount: 300n },
    ])
  })

  it('keeps a correction that moves usage from one month to another', () => {
    const moved = service(0n, '2026-01-15', '2026-02-15', { '2026-01': '-50', '2026-02': '50' })
    expect(amounts(revenuePortions(moved, 'usage'))).toEqual({ '2026-01-31': -50n, '2026-02-14': 50n })
  })

  it('books the fixed fee of a tier without usage on the last day of service', () => {
    expect(amounts(revenuePortions(service(500n, '2026-01-01', '2026-02-01'), 'usage'))).toEqual({
      '2026-01-31': 500n,
    })
  })

  it('dates a month beyond the service period by its nearest day', () => {
    const portions = revenuePortions(
      service(3n, '2026-02-10', '2026-02-20', { '2026-01': '1', '2026-02': '1', '2026-03': '1' }),
      'usage',
    )
    expect(portions.map(({ postingDate }) => postingDate)).toEqual(['2026-01-31', '2026-02-19', '2026-03-01'])
  })

  it('refuses months that do not add up to the line', () => {
    expect(() =>
      revenuePortions(service(2n, '2026-01-01', '2026-02-01', { '2026-01': '1' }), 'usage'),
    ).toThrow('months of use add up to 1, but the line bills 2')
  })
})

it('books what is delivered at once when the service begins', () => {
  expect(revenuePortions(service(75000n, '2026-03-05', '2026-04-05'), 'point_in_time')).toEqual([
    { month: '2026-03', postingDate: '2026-03-05', amount: 75000n },
  ])
})

describe('laws of the straight line', () => {
  const start = fc.integer({ min: 0, max: 3000 }).map((days) => addDays('2024-01-01', days))
  const length = fc.integer({ min: 1, max: 400 })
  const amount = fc.oneof(fc.bigInt(-1_000n, 1_000n), fc.bigInt(-1_000_000_000n, 1_000_000_000n))
  const isWithin = (limit: bigint, difference: bigint) => difference <= limit && difference >= -limit
  const law = (holds: (from: string, days: number, money: bigint) => void) => () =>
    fc.assert(fc.property(start, length, amount, holds))
  const spread = (from: string, days: number, money: bigint) =>
    revenuePortions(service(money, from, addDays(from, days)), 'daily')

  it(
    'the portions add up to the amount, none goes against it, and none is more than a cent off the exact share',
    law((from, days, money) => {
      const portions = spread(from, days, money)
      expect(sum(portions.map((portion) => portion.amount))).toBe(money)
      expect(portions.every((portion) => portion.amount > 0n === money > 0n)).toBe(true)
      expect(portions.every((portion) => isWithin(BigInt(days), portion.amount * BigInt(days) - money))).toBe(
        true,
      )
    }),
  )

  it(
    'a negative amount is the mirror image of the positive one',
    law((from, days, money) => {
      const mirrored = spread(from, days, money).map((portion) => ({ ...portion, amount: -portion.amount }))
      expect(spread(from, days, -money)).toEqual(mirrored)
    }),
  )

  it('wherever the days are split, what is earned by then is within half a cent of the exact share', () => {
    fc.assert(
      fc.property(start, length, amount, fc.nat({ max: 400 }), (from, days, money, cut) => {
        const daysSoFar = Math.min(cut, days)
        const splitAt = addDays(from, daysSoFar)
        const before = spread(from, days, money).filter(({ postingDate }) => postingDate < splitAt)
        const earned = sum(before.map((portion) => portion.amount))
        expect(isWithin(BigInt(days), 2n * (earned * BigInt(days) - money * BigInt(daysSoFar)))).toBe(true)
      }),
    )
  })

  it(
    'days are in order, once each, inside the service and inside their month',
    law((from, days, money) => {
      const portions = spread(from, days, money)
      const dates = portions.map(({ postingDate }) => postingDate)
      expect(dates).toEqual([...new Set(dates)].sort())
      expect(dates.every((date) => date >= from && date < addDays(from, days))).toBe(true)
      expect(portions.every(({ month, postingDate }) => postingDate.startsWith(month))).toBe(true)
    }),
  )
})

describe('earnedBy', () => {
  it('is the portions of a fee up to the day, whatever the method', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('daily' as const, 'point_in_time' as const, 'usage' as const),
        fc.bigInt(-1_000_000n, 1_000_000n),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: -5, max: 410 }),
        (method, amount, days, after) => {
          const fee = service(amount, '2026-01-15', addDays('2026-01-15', days))
          const day = addDays('2026-01-15', after)
          const portions = revenuePortions(fee, method).filter(({ postingDate }) => postingDate <= day)
          expect(earnedBy(fee, method, day)).toBe(sum(portions.map((portion) => portion.amount)))
        },
      ),
    )
  })
})
