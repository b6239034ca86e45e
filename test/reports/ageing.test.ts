import { describe, expect, it } from 'vitest'
import { ageingOf } from '../../src/reports/ageing.ts'

const due = (dueDate: string, open: bigint, customerRef = 'acme', currency = 'USD') => ({
  customerRef,
  customerName: customerRef.toUpperCase(),
  currency,
  dueDate,
  open,
})

describe('ageingOf', () => {
  // As of 31 May 2026: 31 May is 0 days ago, 1 May 30, 30 April 31, 1 April 60, 31 March 61, 2 March 90, 1 March 91.
  it.each([
    ['2026-06-01', 'current'],
    ['2026-05-31', 'current'],
    ['2026-05-30', 'days_1_30'],
    ['2026-05-01', 'days_1_30'],
    ['2026-04-30', 'days_31_60'],
    ['2026-04-01', 'days_31_60'],
    ['2026-03-31', 'days_61_90'],
    ['2026-03-02', 'days_61_90'],
    ['2026-03-01', 'days_over_90'],
  ])('counts what was due on %s as %s', (dueDate, age) => {
    const { rows } = ageingOf([due(dueDate, 123n)], '2026-05-31', new Map([['USD', 123n]]))
    expect(rows).toEqual([
      {
        customer_ref: 'acme',
        customer_name: 'ACME',
        currency: 'USD',
        current: '0.00',
        days_1_30: '0.00',
        days_31_60: '0.00',
        days_61_90: '0.00',
        days_over_90: '0.00',
        [age]: '1.23',
        total: '1.23',
      },
    ])
  })

  it('adds up customers by currency, and never one currency to another', () => {
    const open = [
      due('2026-05-31', 10_00n),
      due('2026-05-01', 5_50n),
      due('2026-05-01', 4_50n, 'globex'),
      due('2026-05-01', 300n, 'globex', 'JPY'),
    ]
    const ledger = new Map([
      ['USD', 20_00n],
      ['JPY', 300n],
    ])
    const ageing = ageingOf(open, '2026-05-31', ledger)
    expect(ageing.rows.map((row) => [row.customer_ref, row.currency, row.total])).toEqual([
      ['acme', 'USD', '15.50'],
      ['globex', 'USD', '4.50'],
      ['globex', 'JPY', '300'],
    ])
    // 5.50 + 4.50 = 10.00 are 30 days late.
    expect(ageing.totals).toMatchObject([
      { currency: 'JPY', days_1_30: '300', total: '300', ledger: '300' },
      { currency: 'USD', current: '10.00', days_1_30: '10.00', total: '20.00', ledger: '20.00' },
    ])
    expect(ageing.tied).toBe(true)
  })

  it('says so where the account holds what no invoice explains', () => {
    const ageing = ageingOf([], '2026-05-31', new Map([['EUR', 1n]]))
    expect(ageing).toMatchObject({
      tied: false,
      totals: [{ currency: 'EUR', total: '0.00', ledger: '0.01' }],
    })
  })
})
