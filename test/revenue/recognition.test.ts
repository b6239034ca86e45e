import { expect, it } from 'vitest'
import { planSchedules } from '../../src/revenue/line-schedule.ts'

/** A line of 1.00 a day. */
const line = (lineId: string, serviceEnd: string, days: number) => ({
  lineId,
  invoiceId: 'invoice',
  entityRef: 'seller',
  customerRef: 'customer',
  contractRef: 'contract',
  productRef: 'seats',
  currency: 'USD',
  amount: BigInt(days) * 100n,
  serviceStart: '2026-01-01',
  serviceEnd,
  usageByMonth: {},
  method: 'daily' as const,
  timezone: 'UTC',
})

const january = line('january', '2026-02-01', 31)
const quarter = line('quarter', '2026-04-01', 90)

it.each([
  { case: 'all lines that fit', lines: [january, quarter], entriesMax: 121, gives: ['january', 'quarter'] },
  { case: 'no line in part', lines: [january, quarter], entriesMax: 120, gives: ['january'] },
  { case: 'one line, however long', lines: [quarter, january], entriesMax: 31, gives: ['quarter'] },
  { case: 'nothing of nothing', lines: [], entriesMax: 31, gives: [] },
])('plans $case', ({ lines, entriesMax, gives }) => {
  const plans = planSchedules(lines, { now: 0, entriesMax })
  expect(plans.map(({ schedule }) => schedule.lineId)).toEqual(gives)
})

it('makes each day due when it is over where the seller is, also when the clocks change', () => {
  // Berlin is one hour ahead of UTC up to 29 March 2026 and two from then on.
  const spring = { ...january, amount: 300n, serviceStart: '2026-03-28', serviceEnd: '2026-03-31' }
  const [plan] = planSchedules([{ ...spring, timezone: 'Europe/Berlin' }], { now: 0, entriesMax: 100 })
  expect(plan?.entries.map(({ id, dueAt }) => [id, new Date(dueAt).toISOString()])).toEqual([
    ['january:2026-03-28', '2026-03-28T23:00:00.000Z'],
    ['january:2026-03-29', '2026-03-29T22:00:00.000Z'],
    ['january:2026-03-30', '2026-03-30T22:00:00.000Z'],
  ])
})
