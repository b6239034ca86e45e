import { describe, expect, it } from 'vitest'
import { heldBackOfLines } from '../../src/revenue/held-back-lines.ts'
import type { UnscheduledLine } from '../../src/revenue/recognition.ts'

/** 310.00 for January, 10.00 a day, of a contract whose criteria are not met from 11 January on. */
const january: UnscheduledLine = {
  lineId: 'seats',
  invoiceId: 'invoice',
  entityRef: 'seller',
  customerRef: 'customer',
  contractRef: 'contract',
  productRef: 'seats',
  currency: 'USD',
  amount: 310_00n,
  serviceStart: '2026-01-01',
  serviceEnd: '2026-02-01',
  usageByMonth: {},
  method: 'daily',
  timezone: 'UTC',
  unmet: { primary: [{ from: '2026-01-11' }], secondary: [] },
}
const calls: UnscheduledLine = {
  ...january,
  lineId: 'calls',
  amount: 70_00n,
  serviceEnd: '2026-03-01',
  usageByMonth: { '2026-01': '5000', '2026-02': '2000' },
  method: 'usage',
}
/** 62.00 of January, 2.00 a day, credited on the 16th. */
const credited = { ...january, lineId: 'note', amount: -62_00n, bookedFrom: '2026-01-16' }
const since = (from: string) => ({ primary: [{ from }] })

describe('what waits for a contract', () => {
  it.each([
    { of: 'days before the judgement: nothing', services: [january], day: '2026-01-11', waits: {} },
    // 11 to 20 January: 10 x 10.00.
    {
      of: 'days that are over',
      services: [january],
      day: '2026-01-21',
      waits: { seats: { amount: 100_00n, serviceStart: '2026-01-11', serviceEnd: '2026-01-21' } },
    },
    // 21 x 10.00.
    {
      of: 'all of a line that is over',
      services: [january],
      day: '2026-02-10',
      waits: { seats: { amount: 210_00n, serviceStart: '2026-01-11', serviceEnd: '2026-02-01' } },
    },
    // 210.00 less 21 x 2.00; the other 20.00 of the note have lowered revenue.
    {
      of: 'what credit notes left',
      services: [january, credited],
      day: '2026-02-10',
      waits: { seats: { amount: 168_00n, serviceStart: '2026-01-11', serviceEnd: '2026-02-01' } },
    },
    // January counts under the 31st, and is revenue; February's 20.00 wait.
    {
      of: 'months of use from the judgement on',
      services: [{ ...calls, unmet: since('2026-02-01') }],
      day: '2026-03-05',
      waits: { calls: { amount: 20_00n, serviceStart: '2026-01-01', serviceEnd: '2026-03-01' } },
    },
    {
      of: 'a contract that is one again: nothing',
      services: [{ ...january, unmet: { primary: [{ from: '2026-01-11', until: '2026-02-01' }] } }],
      day: '2026-02-10',
      waits: {},
    },
    {
      of: 'the other book alone: nothing',
      services: [{ ...january, unmet: { primary: [], secondary: [{ from: '2026-01-11' }] } }],
      day: '2026-02-10',
      waits: {},
    },
    {
      of: 'a contract that nobody judged: nothing',
      services: [{ ...january, unmet: undefined }],
      day: '2026-02-10',
      waits: {},
    },
  ])('is of $of', ({ services, day, waits }) => {
    const held = heldBackOfLines(services, new Map([['note', 'seats']]), day)
    expect(Object.fromEntries(held)).toEqual(waits)
  })
})
