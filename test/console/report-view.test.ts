import { describe, expect, it } from 'vitest'
import {
  addedUp,
  byCurrency,
  figuresOf,
  headOf,
  type ReportView,
  shortDay,
} from '../../src/console/report-view.ts'

describe('headOf', () => {
  it.each([
    ['days_1_30', '1–30 days'],
    ['days_61_90', '61–90 days'],
    ['days_over_90', 'Over 90 days'],
    ['customer_name', 'Customer'],
    ['within_12_months', 'Within 12 months'],
    ['overdue', 'Overdue'],
    ['2026-03', 'Mar 2026'],
  ])('writes %s as %s', (column, head) => {
    expect(headOf(column)).toBe(head)
  })
})

describe('byCurrency', () => {
  it('gives each currency, by its code, its rows, and its total where there is one', () => {
    const view: ReportView = {
      name: 'ageing',
      hint: '',
      asOf: '2026-01-31',
      entityRef: undefined,
      takesDate: true,
      words: ['customer_name'],
      figures: ['total'],
      rows: [
        { customer_name: 'ACME', currency: 'USD', total: '1.00' },
        { customer_name: 'ACME', currency: 'EUR', total: '2.00' },
        { customer_name: 'Globex', currency: 'USD', total: '3.00' },
      ],
      totals: [{ currency: 'USD', total: '4.00' }],
    }
    expect(byCurrency(view)).toEqual([
      { currency: 'EUR', rows: [view.rows[1]] },
      { currency: 'USD', rows: [view.rows[0], view.rows[2]], total: view.totals[0] },
    ])
  })
})

describe('addedUp', () => {
  it('adds up each figure of each currency, and never two currencies', () => {
    const rows = [
      { currency: 'USD', invoiced: '10.00', upcoming: '0.05' },
      { currency: 'JPY', invoiced: '380', upcoming: '0' },
      { currency: 'USD', invoiced: '2.50', upcoming: '-0.01' },
    ]
    // 10.00 + 2.50 and 0.05 − 0.01
    expect(addedUp(rows, ['invoiced', 'upcoming'])).toEqual([
      { currency: 'USD', invoiced: '12.50', upcoming: '0.04' },
      { currency: 'JPY', invoiced: '380', upcoming: '0' },
    ])
  })
})

it('writes a day short', () => {
  expect(shortDay('2026-11-01')).toBe('1 Nov')
})

it('leaves out rare figures where all of them are zero', () => {
  const view = { figures: ['liability', 'deposit', 'refund', 'net'], rare: ['deposit', 'refund'] }
  const rows = [
    { liability: '0.00', deposit: '0.00', refund: '0.00', net: '0.00' },
    { liability: '0.00', deposit: '0.00', refund: '-0.10', net: '-0.10' },
  ]
  expect(figuresOf(view, rows)).toEqual(['liability', 'refund', 'net'])
})
