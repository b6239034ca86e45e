import { describe, expect, it } from 'vitest'
import { largest, overFigures, overRows } from '../../src/console/report-charts.ts'
import { journalPath, movedBy } from '../../src/console/report-links.ts'
import { monthsAround, waterfallChart, waterfallGrid } from '../../src/console/waterfall-grid.ts'

describe('the waterfall grid', () => {
  const months = ['2026-01', '2026-02']
  const sum = (bookingMonth: string, month: string, recognised: bigint, scheduled: bigint) => ({
    currency: 'USD',
    bookingMonth,
    month,
    recognised,
    scheduled,
  })
  // Billed in January: 100.00 posted in January, 60.00 planned for February; billed in February: 10.00 and 5.00.
  const sums = [
    sum('2026-01', '2026-01', 100_00n, 0n),
    sum('2026-01', '2026-02', 0n, 60_00n),
    sum('2026-02', '2026-02', 10_00n, 5_00n),
  ]

  it('has a row for each month of billing; rows and columns add up', () => {
    expect(waterfallGrid(sums, months)).toEqual({
      rows: [
        { currency: 'USD', booking_month: '2026-01', '2026-01': '100.00', '2026-02': '60.00' },
        { currency: 'USD', booking_month: '2026-02', '2026-01': '0.00', '2026-02': '15.00' },
      ],
      totals: [
        {
          currency: 'USD',
          '2026-01': '100.00',
          // 60 + 15 = 75.
          '2026-02': '75.00',
          'posted_2026-01': '100.00',
          'posted_2026-02': '10.00',
        },
      ],
    })
  })

  it('draws what is planned on top of what is posted', () => {
    const [total] = waterfallGrid(sums, months).totals
    expect(waterfallChart({ currency: 'USD', rows: [], total: total! }, months).series).toEqual([
      { name: 'Recognised', amounts: [100_00n, 10_00n] },
      // 75 − 10 = 65.
      { name: 'Scheduled', amounts: [0n, 65_00n] },
    ])
  })

  it('shows five months before the day and six after it', () => {
    const shown = monthsAround('2026-01-31')
    expect([shown.length, shown[0], shown[5], shown.at(-1)]).toEqual([12, '2025-08', '2026-01', '2026-07'])
  })
})

describe('charts of reports', () => {
  const part = {
    currency: 'USD',
    rows: [
      { name: 'Requests of the API', revenue: '30.00', cost: '1.00' },
      { name: '', revenue: '20.00', cost: '2.00' },
    ],
    total: { revenue: '50.00', cost: '3.00' },
  }

  it('are over the rows, a series for each figure', () => {
    const label = ({ name = '' }) => name
    expect(overRows(part, { kind: 'stack', label, figures: ['revenue', 'cost'] })).toEqual({
      kind: 'stack',
      labels: ['Requests of the API', ''],
      series: [
        { name: 'Revenue', amounts: [30_00n, 20_00n] },
        { name: 'Cost', amounts: [1_00n, 2_00n] },
      ],
    })
  })

  it('or over the figures of the total', () => {
    expect(overFigures(part, ['cost', 'revenue'], 'Open')).toEqual({
      kind: 'bars',
      labels: ['Cost', 'Revenue'],
      series: [{ name: 'Open', amounts: [3_00n, 50_00n] }],
    })
  })

  it('point down for what is taken away', () => {
    expect(overFigures(part, ['cost', 'revenue'], 'Open', ['cost']).series[0]?.amounts).toEqual([
      -3_00n,
      50_00n,
    ])
  })

  it('have names that fit, and no more than eight of them', () => {
    expect(largest(part, 'revenue').labels).toEqual(['Requests of…', 'Unknown'])
    const rows = Array.from({ length: 9 }, () => part.rows[0]!)
    expect(largest({ ...part, rows }, 'revenue').labels).toHaveLength(8)
  })
})

describe('links into the journal', () => {
  it('leave out what is not asked', () => {
    expect(journalPath({ account: 'revenue', country: undefined, product_ref: 'a b' })).toBe(
      '/console/journal?account=revenue&product_ref=a+b',
    )
  })

  it.each([
    ['opening', { to: '2026-01-31', presented: 'no' }],
    ['billed', { event: 'invoice_issued', from: '2026-02-01', to: '2026-02-28' }],
    ['recognised', { event: 'revenue_recognised', from: '2026-02-01', to: '2026-02-28' }],
    ['other', undefined],
    ['closing', { to: '2026-02-28', presented: 'no' }],
  ])('know the entries of %s in the roll-forward of a month', (figure, days) => {
    expect(movedBy(figure, '2026-02-01', '2026-02-28')).toEqual(days)
  })
})
