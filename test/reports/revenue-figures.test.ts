import { describe, expect, it } from 'vitest'
import { disaggregationOf, earlierRevenueOf, revenueByDayOf } from '../../src/reports/revenue-figures.ts'

describe('revenueByDayOf', () => {
  it('has a row for each day of each currency, with those on which nothing was earned', () => {
    const { rows, totals } = revenueByDayOf(
      [
        { currency: 'USD', day: '2026-02-27', revenue: 10_00n },
        { currency: 'USD', day: '2026-03-01', revenue: 5_00n },
        { currency: 'EUR', day: '2026-02-28', revenue: 1n },
      ],
      { from: '2026-02-27', to: '2026-03-01' },
    )
    expect(rows.map(({ currency, day, revenue }) => `${currency} ${day} ${revenue}`)).toEqual([
      'EUR 2026-02-27 0.00',
      'EUR 2026-02-28 0.01',
      'EUR 2026-03-01 0.00',
      'USD 2026-02-27 10.00',
      'USD 2026-02-28 0.00',
      'USD 2026-03-01 5.00',
    ])
    // 10 + 5 = 15.
    expect(totals).toEqual([
      { currency: 'EUR', revenue: '0.01' },
      { currency: 'USD', revenue: '15.00' },
    ])
  })

  it('takes a leap year and no day more', () => {
    expect(() => revenueByDayOf([], { from: '2024-01-01', to: '2024-12-31' })).not.toThrow()
    expect(() => revenueByDayOf([], { from: '2024-01-01', to: '2025-01-01' })).toThrow('366 days')
  })
})

describe('disaggregationOf', () => {
  it('puts the largest first in each currency, and leaves out what came to nothing', () => {
    const group = (currency: string, key: string, revenue: bigint) => ({ currency, key, name: key, revenue })
    const { rows, totals } = disaggregationOf([
      group('USD', 'seats', 100n),
      group('USD', 'calls', 300n),
      group('USD', 'none', 0n),
      group('EUR', 'seats', -5n),
    ])
    expect(rows.map(({ currency, key, revenue }) => `${currency} ${key} ${revenue}`)).toEqual([
      'EUR seats -0.05',
      'USD calls 3.00',
      'USD seats 1.00',
    ])
    expect(totals.map(({ revenue }) => revenue)).toEqual(['-0.05', '4.00'])
  })
})

describe('earlierRevenueOf', () => {
  it('names the month of the service; what was taken back leaves no row', () => {
    const earlier = (serviceMonth: string, revenue: bigint) => ({
      currency: 'USD',
      contractRef: 'k',
      customerRef: 'acme',
      productRef: 'calls',
      serviceMonth,
      revenue,
    })
    expect(earlierRevenueOf([earlier('2025-12', 2_00n), earlier('2026-01', 0n)])).toEqual({
      rows: [
        {
          currency: 'USD',
          contract_ref: 'k',
          customer_ref: 'acme',
          product_ref: 'calls',
          service_month: '2025-12',
          revenue: '2.00',
        },
      ],
      totals: [{ currency: 'USD', revenue: '2.00' }],
    })
  })
})
