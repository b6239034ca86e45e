import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LocalDate } from '../../src/kernel/calendar.ts'
import { sum } from '../../src/kernel/money.ts'
import type { UnmetDays } from '../../src/revenue/accounting/criteria.ts'
import type { Posted } from '../../src/revenue/accounting/schedule-of.ts'
import { otherBookId, planSchedules } from '../../src/revenue/line-schedule.ts'
import type { UnscheduledLine } from '../../src/revenue/recognition.ts'
import { day } from './deal/deals.ts'
import { spans } from './recognition/spans.ts'

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

describe('a line of a contract that was judged', () => {
  const planned = (own: UnscheduledLine, posted: readonly Posted[] = []) =>
    planSchedules([own], { now: 0, entriesMax: 1_000, posted })
  /** 1.00 a day from 1 January to 31 March, posted up to 10 March. */
  const posted = planned(quarter)
    .flatMap(({ entries }) => entries)
    .filter(({ postingDate }) => postingDate <= '2026-03-10')
  const rows = (own: UnscheduledLine, before: readonly Posted[]) =>
    planned(own, before).map(({ schedule, entries }) => [
      schedule.book,
      entries.map(({ postingDate, amount }) => `${postingDate.slice(5)} ${amount}`),
    ])
  const daysOf = (month: string, from: number, to: number, amount: number) =>
    Array.from(
      { length: to - from + 1 },
      (_, place) => `${month}-${String(from + place).padStart(2, '0')} ${amount}`,
    )

  it('keeps what was revenue, and takes back what was posted since', () => {
    expect(rows({ ...quarter, unmet: { primary: [{ from: '2026-03-05' }] } }, posted)).toEqual([
      ['primary', daysOf('03', 5, 10, -100)],
    ])
  })

  it('catches up in each book when its framework has a contract', () => {
    const unmet = {
      primary: [{ from: '2026-01-01', until: '2026-03-30' }],
      secondary: [{ from: '2026-01-01', until: '2026-03-29' }],
    }
    // 31 + 28 + 29 days are 88.00 on the 30th; the other book has 87.00 of them the day before.
    expect(rows({ ...quarter, unmet }, [])).toEqual([
      ['primary', ['03-30 8800', '03-30 100', '03-31 100']],
      ['secondary', ['03-29 8700', '03-29 100', '03-30 -8800']],
    ])
  })

  it('leaves in a month that was reported what was revenue of it and is credited', () => {
    // 90.00 are credited on 15 March: 59 days of them are revenue, and what is held back is not.
    const reversal = { ...quarter, amount: -9_000n, bookedFrom: '2026-03-15' }
    expect(rows({ ...reversal, unmet: { primary: [{ from: '2026-03-01' }] } }, [])).toEqual([
      ['primary', ['03-15 -5900']],
    ])
  })

  it('stands as if it had been judged so from the beginning, however often it was judged and posted', () => {
    const judged: fc.Arbitrary<UnmetDays> = fc.record({ primary: spans, secondary: spans })
    const history = fc.array(fc.record({ unmet: judged, through: day(0, 120) }), { maxLength: 4 })
    fc.assert(
      fc.property(history, judged, (before, last) => {
        const standing: Posted[] = []
        const post = (unmet: UnmetDays, through: LocalDate) => {
          for (const { entries } of planned({ ...quarter, unmet }, standing))
            standing.push(...entries.filter(({ postingDate }) => postingDate <= through))
        }
        for (const { unmet, through } of before) post(unmet, through)
        post(last, '9999-12-31')
        const fresh = planned({ ...quarter, unmet: last }).flatMap(({ entries }) => entries)
        expect(sums(standing)).toEqual(sums(fresh))
      }),
      { numRuns: 60 },
    )
  })

  const sums = (portions: readonly Posted[]) =>
    [...Map.groupBy(portions, ({ lineId, postingDate, cause }) => `${lineId} ${postingDate} ${cause}`)]
      .map(([place, own]) => [place, sum(own.map(({ amount }) => amount))] as const)
      .filter(([, amount]) => amount !== 0n)
      .sort(([a], [b]) => (a < b ? -1 : 1))

  it('has one schedule for each book, under ids of its own', () => {
    const unmet = { primary: [], secondary: [{ from: '2026-01-01' }] }
    expect(planned({ ...quarter, unmet }).map(({ schedule }) => [schedule.lineId, schedule.amount])).toEqual([
      ['quarter', 9_000n],
      [otherBookId('quarter'), -9_000n],
    ])
  })
})
