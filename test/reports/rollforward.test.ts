import { describe, expect, it } from 'vitest'
import { rollforwardOf } from '../../src/reports/rollforward.ts'
import { spanOfDays, spanOfMonths } from '../../src/reports/span.ts'

const NOW = Date.parse('2026-05-20T12:00:00Z')

describe('rollforwardOf', () => {
  const movement = {
    entityRef: 'seller',
    currency: 'USD',
    opening: 10_000_00n,
    billed: 50_000_00n,
    recognised: 38_000_00n,
    other: -1_000_00n,
    liability: 22_500_00n,
    unbilled: 1_500_00n,
  }

  it('closes with opening + billed − recognised + other = contract liability − unbilled', () => {
    // 10,000 + 50,000 − 38,000 − 1,000 = 21,000 = 22,500 − 1,500.
    const report = rollforwardOf([movement], new Map([['USD', 21_000_00n]]))
    expect(report.rows).toEqual([
      {
        entity_ref: 'seller',
        currency: 'USD',
        opening: '10000.00',
        billed: '50000.00',
        recognised: '38000.00',
        other: '-1000.00',
        closing: '21000.00',
        contract_liability: '22500.00',
        unbilled: '1500.00',
      },
    ])
    expect(report.totals).toMatchObject([{ currency: 'USD', closing: '21000.00', ledger: '21000.00' }])
    expect(report.tied).toBe(true)
  })

  it('says so where the account holds something else', () => {
    expect(rollforwardOf([movement], new Map([['USD', 1n]])).tied).toBe(false)
    expect(rollforwardOf([], new Map([['USD', 1n]])).tied).toBe(false)
  })
})

describe('spans', () => {
  it('default to the month so far, and to the twelve months up to the current one', () => {
    expect(spanOfDays({}, NOW)).toEqual({ from: '2026-05-01', to: '2026-05-20' })
    expect(spanOfDays({ to: '2026-02-28' }, NOW)).toEqual({ from: '2026-02-01', to: '2026-02-28' })
    expect(spanOfMonths({}, NOW)).toEqual({ from: '2025-06', to: '2026-05' })
    expect(spanOfMonths({ to: '2026-01' }, NOW)).toEqual({ from: '2025-02', to: '2026-01' })
  })

  it('hold something, and ten years at the most', () => {
    expect(() => spanOfDays({ from: '2026-05-21' }, NOW)).toThrow('holds nothing')
    expect(() => spanOfMonths({ from: '2026-06' }, NOW)).toThrow('holds nothing')
    expect(spanOfMonths({ from: '2016-06' }, NOW)).toEqual({ from: '2016-06', to: '2026-05' })
    expect(() => spanOfMonths({ from: '2016-05' }, NOW)).toThrow('120 months')
  })
})
