import { expect, it } from 'vitest'
import { waterfallOf } from '../../src/revenue/waterfall.ts'

const sum = (
  currency: string,
  bookingMonth: string,
  month: string,
  recognised: bigint,
  scheduled: bigint,
) => ({
  currency,
  bookingMonth,
  month,
  recognised,
  scheduled,
})

it('lays out bookings by row and revenue by column, and both add up', () => {
  const { rows, totals } = waterfallOf([
    sum('USD', '2026-01', '2026-01', 1700n, 0n),
    sum('USD', '2026-01', '2026-02', 0n, 1400n),
    sum('USD', '2026-02', '2026-02', 500n, 250n),
    sum('JPY', '2026-02', '2026-02', -7n, 0n),
  ])
  expect(rows).toEqual([
    {
      currency: 'JPY',
      booking_month: '2026-02',
      recognised: '-7',
      scheduled: '0',
      months: [{ month: '2026-02', recognised: '-7', scheduled: '0' }],
    },
    {
      currency: 'USD',
      booking_month: '2026-01',
      recognised: '17.00',
      scheduled: '14.00',
      months: [
        { month: '2026-01', recognised: '17.00', scheduled: '0.00' },
        { month: '2026-02', recognised: '0.00', scheduled: '14.00' },
      ],
    },
    {
      currency: 'USD',
      booking_month: '2026-02',
      recognised: '5.00',
      scheduled: '2.50',
      months: [{ month: '2026-02', recognised: '5.00', scheduled: '2.50' }],
    },
  ])
  // February: 5.00 posted; 14.00 + 2.50 = 16.50 to come.
  expect(totals[1]).toEqual({
    currency: 'USD',
    months: [
      { month: '2026-01', recognised: '17.00', scheduled: '0.00' },
      { month: '2026-02', recognised: '5.00', scheduled: '16.50' },
    ],
  })
})
