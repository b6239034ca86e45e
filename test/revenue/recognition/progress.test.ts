import { describe, expect, it } from 'vitest'
import { formatDecimal } from '../../../src/kernel/rational.ts'
import { progressOf } from '../../../src/revenue/recognition/progress.ts'
import { previewed, revenueByMonth } from '../preview/previewed.ts'

const over = (recognition: string, transaction_price: string, start: string, end: string) =>
  revenueByMonth(previewed({ transaction_price, obligations: [{ key: 'service', recognition, start, end }] }))

describe('over time', () => {
  it.each([
    {
      // 15 to 31 January are 17 days, 1 to 14 February are 14.
      name: 'daily, 31.00 over 31 days',
      gives: over('daily', '31', '2026-01-15', '2026-02-15'),
      expected: { '2026-01': '17.00', '2026-02': '14.00' },
    },
    {
      // 16 days of June, 31, 31, 30 and 12 of October: a dollar a day.
      name: 'daily, 120.00 over 120 days',
      gives: over('daily', '120', '2026-06-15', '2026-10-13'),
      expected: {
        '2026-06': '16.00',
        '2026-07': '31.00',
        '2026-08': '31.00',
        '2026-09': '30.00',
        '2026-10': '12.00',
      },
    },
    {
      name: 'evenly by month: the last, partial month is cut off',
      gives: over('month_even', '120', '2026-06-15', '2026-10-13'),
      expected: { '2026-06': '30.00', '2026-07': '30.00', '2026-08': '30.00', '2026-09': '30.00' },
    },
    {
      name: 'evenly within one month',
      gives: over('month_even', '10', '2026-06-10', '2026-06-20'),
      expected: { '2026-06': '10.00' },
    },
    {
      name: 'evenly, rounding the running total: 3.33, 6.67, 10.00',
      gives: over('month_even', '10', '2026-01-01', '2026-04-01'),
      expected: { '2026-01': '3.33', '2026-02': '3.34', '2026-03': '3.33' },
    },
    {
      // Ends 16 and 12 of 120 days; the rest, 92, in three: 30.67, 61.33, 92.00 on top of 16.
      name: 'evenly with the ends by days',
      gives: over('month_even_prorated_ends', '120', '2026-06-15', '2026-10-13'),
      expected: {
        '2026-06': '16.00',
        '2026-07': '30.67',
        '2026-08': '30.66',
        '2026-09': '30.67',
        '2026-10': '12.00',
      },
    },
    {
      name: 'evenly with whole months only',
      gives: over('month_even_prorated_ends', '20', '2026-01-01', '2026-03-01'),
      expected: { '2026-01': '10.00', '2026-02': '10.00' },
    },
  ])('$name', ({ gives, expected }) => {
    expect(gives).toEqual(expected)
  })

  it('has a progress inside a month and none outside the service', () => {
    const { through } = progressOf({ by: 'month_even', start: '2026-01-01', end: '2026-03-01' })
    // Half of the whole is January’s; 14 of February’s 28 days are half of the other half.
    const days = ['2025-12-31', '2026-01-31', '2026-02-14', '2026-02-28', '2027-01-01']
    expect(days.map((day) => formatDecimal(through(day)))).toEqual(['0', '0.5', '0.75', '1', '1'])
  })

  it('refuses a service that ends before it begins', () => {
    expect(() => progressOf({ by: 'daily', start: '2026-01-02', end: '2026-01-01' })).toThrow(RangeError)
  })
})

describe('prepaid credits', () => {
  const credits = (more: object) =>
    revenueByMonth(
      previewed({
        transaction_price: '1000',
        obligations: [
          {
            key: 'credits',
            recognition: 'prepaid_credits',
            total_quantity: '900',
            events: [
              { date: '2026-01-31', quantity: '450' },
              { date: '2026-02-28', quantity: '300' },
              { date: '2026-03-31', quantity: '100' },
            ],
            expires: '2026-12-31',
            ...more,
          },
        ],
      }),
    )

  it('earns the breakage of 100 of 1,000 credits in proportion to use, and the rest when they expire', () => {
    // 1,000 × 450 / 900, × 750 / 900 = 833.33, × 850 / 900 = 944.44, then all.
    expect(credits({})).toEqual({
      '2026-01': '500.00',
      '2026-02': '333.33',
      '2026-03': '111.11',
      '2026-12': '55.56',
    })
  })

  it('earns nothing at expiry where unclaimed property goes to a public body', () => {
    const gives = credits({ total_quantity: '1000', unclaimed_property: true })
    expect(gives).toEqual({ '2026-01': '450.00', '2026-02': '300.00', '2026-03': '100.00' })
  })

  it('never earns more than was paid', () => {
    const gives = credits({ events: [{ date: '2026-01-31', quantity: '950' }] })
    expect(gives).toEqual({ '2026-01': '1000.00' })
  })
})

describe('in steps', () => {
  it('takes milestones by weight, and none that is not reached', () => {
    const plan = previewed({
      transaction_price: '100',
      obligations: [
        {
          key: 'project',
          recognition: 'milestone',
          milestones: [
            { date: '2026-02-10', weight: '1' },
            { date: '2026-03-10', weight: '2' },
            { weight: '3' },
          ],
        },
      ],
    })
    // 100 / 6 = 16.67, then 300 / 6 = 50.00.
    expect(revenueByMonth(plan)).toEqual({ '2026-02': '16.67', '2026-03': '33.33' })
  })

  it('takes usage as it may be invoiced, outside the price, into an unbilled receivable', () => {
    const plan = previewed({
      transaction_price: '120',
      obligations: [
        { key: 'platform', ssp: '120', recognition: 'daily', start: '2026-01-01', end: '2026-05-01' },
        {
          key: 'calls',
          recognition: 'usage',
          events: [
            { date: '2026-01-10', amount: '7.25' },
            { date: '2026-01-20', amount: '2.75' },
          ],
        },
      ],
      billings: [{ date: '2026-02-01', amount: '10', key: 'calls' }],
    })
    expect(plan.allocation).toEqual({ platform: '120.00' })
    expect(revenueByMonth(plan, 'calls')).toEqual({ '2026-01': '10.00' })
    // January: 31.00 of the platform and 10.00 of usage, nothing billed.
    expect(plan.positions[0]).toMatchObject({ contract_asset: '31.00', unbilled_receivable: '10.00' })
    expect(plan.positions[1]).toMatchObject({ contract_asset: '59.00', unbilled_receivable: '0.00' })
  })

  it('divides usage with a selling price by what is used of the whole', () => {
    const plan = previewed({
      transaction_price: '200',
      obligations: [
        { key: 'seat', ssp: '100', recognition: 'point_in_time', start: '2026-01-01' },
        {
          key: 'calls',
          ssp: '100',
          recognition: 'usage',
          total_quantity: '8',
          events: [{ date: '2026-01-05', quantity: '2' }],
        },
      ],
    })
    expect(revenueByMonth(plan, 'calls')).toEqual({ '2026-01': '25.00' })
  })
})

describe('an option that is a material right', () => {
  const right = (dates: object) =>
    previewed({
      transaction_price: '12',
      obligations: [{ key: 'option', recognition: 'material_right', expires: '2026-12-31', ...dates }],
    })

  it('is revenue when it is used, or when it expires, and is used no more after that', () => {
    expect(revenueByMonth(right({ exercised_on: '2026-06-15' }))).toEqual({ '2026-06': '12.00' })
    expect(revenueByMonth(right({}))).toEqual({ '2026-12': '12.00' })
    expect(() => right({ exercised_on: '2027-01-01' })).toThrow('must not be after expires')
  })
})
