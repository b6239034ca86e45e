import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../src/kernel/calendar.ts'
import { revenueMonths } from '../../src/revenue/schedule.ts'

const service = (amount: bigint, serviceStart: string, serviceEnd: string, usageByMonth = {}) => ({
  amount,
  serviceStart,
  serviceEnd,
  usageByMonth,
})

const amounts = (months: ReturnType<typeof revenueMonths>) =>
  Object.fromEntries(months.map(({ postingDate, amount }) => [postingDate, amount]))

describe('straight line over days', () => {
  it.each([
    {
      // 31 days at 1.00: 17 in January (15th to 31st), 14 in February.
      case: '31.00 over 15 January to 14 February',
      of: service(3100n, '2026-01-15', '2026-02-15'),
      gives: { '2026-01-31': 1700n, '2026-02-14': 1400n },
    },
    {
      // 1.00 over 3 months of 31 + 28 + 31 = 90 days: 34.44 -> 34; 65.55 -> 66, less 34 is 32; 100 less 66 is 34.
      case: '1.00 over a quarter: the running total is rounded, not the month',
      of: service(100n, '2026-01-01', '2026-04-01'),
      gives: { '2026-01-31': 34n, '2026-02-28': 32n, '2026-03-31': 34n },
    },
    {
      // Two halves of one cent: 0.5 is rounded away from zero, so the first month has it.
      case: 'a single cent over two equal months',
      of: service(1n, '2026-07-01', '2026-09-01'),
      gives: { '2026-07-31': 1n },
    },
    {
      case: 'the mirror image of a single cent',
      of: service(-1n, '2026-07-01', '2026-09-01'),
      gives: { '2026-07-31': -1n },
    },
    {
      // Leap year: 29 days in February.
      case: '58.00 over February and as many days of March',
      of: service(5800n, '2028-02-01', '2028-03-30'),
      gives: { '2028-02-29': 2900n, '2028-03-29': 2900n },
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
    expect(amounts(revenueMonths(of, 'daily'))).toEqual(gives)
  })

  it('1,200.00 over a year from 15 January 2026', () => {
    // 365 days. January 17: 55.89041. Up to February 45: 147.94521, less 55.89 is 92.06.
    // Up to March 76: 249.86301, less 147.95 is 101.91.
    const months = revenueMonths(service(120000n, '2026-01-15', '2027-01-15'), 'daily')
    expect(months.slice(0, 3)).toEqual([
      { month: '2026-01', postingDate: '2026-01-31', amount: 5589n },
      { month: '2026-02', postingDate: '2026-02-28', amount: 9206n },
      { month: '2026-03', postingDate: '2026-03-31', amount: 10191n },
    ])
    expect(months).toHaveLength(13)
    expect(months.at(-1)).toMatchObject({ month: '2027-01', postingDate: '2027-01-14' })
  })
})

describe('in the months of use', () => {
  it('takes each month as it was metered, dated by its last day of service', () => {
    const months = revenueMonths(
      service(1000n, '2026-01-15', '2026-02-15', { '2026-02': '300', '2026-01': '700' }),
      'usage',
    )
    expect(months).toEqual([
      { month: '2026-01', postingDate: '2026-01-31', amount: 700n },
      { month: '2026-02', postingDate: '2026-02-14', amount: 300n },
    ])
  })

  it('keeps a correction that moves usage from one month to another', () => {
    const moved = service(0n, '2026-01-15', '2026-02-15', { '2026-01': '-50', '2026-02': '50' })
    expect(amounts(revenueMonths(moved, 'usage'))).toEqual({ '2026-01-31': -50n, '2026-02-14': 50n })
  })

  it('books the fixed fee of a tier without usage on the last day of service', () => {
    expect(amounts(revenueMonths(service(500n, '2026-01-01', '2026-02-01'), 'usage'))).toEqual({
      '2026-01-31': 500n,
    })
  })

  it('dates a month beyond the service period by its nearest day', () => {
    const months = revenueMonths(
      service(3n, '2026-02-10', '2026-02-20', { '2026-01': '1', '2026-02': '1', '2026-03': '1' }),
      'usage',
    )
    expect(months.map(({ postingDate }) => postingDate)).toEqual(['2026-01-31', '2026-02-19', '2026-03-01'])
  })

  it('refuses months that do not add up to the line', () => {
    expect(() => revenueMonths(service(2n, '2026-01-01', '2026-02-01', { '2026-01': '1' }), 'usage')).toThrow(
      'months of use add up to 1, but the line bills 2',
    )
  })
})

it('books what is delivered at once when the service begins', () => {
  expect(revenueMonths(service(75000n, '2026-03-05', '2026-04-05'), 'point_in_time')).toEqual([
    { month: '2026-03', postingDate: '2026-03-05', amount: 75000n },
  ])
})

describe('laws of the straight line', () => {
  const start = fc.integer({ min: 0, max: 3000 }).map((days) => addDays('2024-01-01', days))
  const length = fc.integer({ min: 1, max: 1200 })
  const amount = fc.bigInt(-1_000_000_000n, 1_000_000_000n)
  const total = (months: { amount: bigint }[]) => months.reduce((sum, month) => sum + month.amount, 0n)

  it('the months add up to the amount, and none goes against it', () => {
    fc.assert(
      fc.property(start, length, amount, (from, days, money) => {
        const months = revenueMonths(service(money, from, addDays(from, days)), 'daily')
        expect(total(months)).toBe(money)
        expect(months.every((month) => month.amount > 0n === money > 0n)).toBe(true)
      }),
    )
  })

  it('a negative amount is the mirror image of the positive one', () => {
    fc.assert(
      fc.property(start, length, amount, (from, days, money) => {
        const end = addDays(from, days)
        const mirrored = revenueMonths(service(-money, from, end), 'daily')
        expect(amounts(mirrored)).toEqual(
          Object.fromEntries(
            revenueMonths(service(money, from, end), 'daily').map((month) => [
              month.postingDate,
              -month.amount,
            ]),
          ),
        )
      }),
    )
  })

  it('up to each month, what is earned is within half a cent of the exact share', () => {
    fc.assert(
      fc.property(start, length, amount, (from, days, money) => {
        const months = revenueMonths(service(money, from, addDays(from, days)), 'daily')
        let earned = 0n
        for (const month of months) {
          earned += month.amount
          const daysSoFar = (Date.parse(month.postingDate) - Date.parse(from)) / 86_400_000 + 1
          const error = 2n * (earned * BigInt(days) - money * BigInt(daysSoFar))
          expect(error <= BigInt(days) && error >= -BigInt(days)).toBe(true)
        }
      }),
    )
  })

  it('months are in order, once each, and dated inside themselves', () => {
    fc.assert(
      fc.property(start, length, amount, (from, days, money) => {
        const months = revenueMonths(service(money, from, addDays(from, days)), 'daily').map(
          ({ month }) => month,
        )
        expect(months).toEqual([...new Set(months)].sort())
      }),
    )
  })
})
