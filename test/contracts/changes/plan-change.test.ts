import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PlannedChange, previewChange } from '../../../src/contracts/changes/change-preview.ts'
import {
  cancellationEnd,
  changeDay,
  changePrice,
  changeQuantity,
  partLeft,
  unusedCredit,
} from '../../../src/contracts/changes/plan-change.ts'
import { addDays } from '../../../src/kernel/calendar.ts'
import { toMinor } from '../../../src/kernel/money.ts'
import { decimal, multiply, ONE, rational, ZERO } from '../../../src/kernel/rational.ts'

const march = {
  start_date: '2026-03-01',
  end_date: null,
  anchor_date: '2026-03-01',
  billing_cycle: { unit: 'MONTHLY', cycle: 1 },
  timezone: 'UTC',
  proration: 'day',
} as const
const february = { ...march, start_date: '2026-02-01', anchor_date: '2026-02-01' } as const
const USD = { currency: 'USD', rounding: 'half_up' } as const
const days = (left: number, of: number) => rational(BigInt(left), BigInt(of))

describe('changePrice', () => {
  it.each([
    // 10 × 17/31 = 5.4838…; 20 × 17/31 = 10.9677…
    { name: 'on 15 March', day: '2026-03-15', paid: 1000n, credit: -548n, charge: 1097n },
    { name: 'on the first day', day: '2026-03-01', paid: 1000n, credit: -1000n, charge: 2000n },
    { name: 'on the last day: 10/31 and 20/31', day: '2026-03-31', paid: 1000n, credit: -32n, charge: 65n },
    { name: 'on the end', day: '2026-04-01', paid: 1000n, credit: 0n, charge: 0n },
    { name: 'with less paid than is unused', day: '2026-03-15', paid: 300n, credit: -300n, charge: 1097n },
    { name: 'with more credited than paid', day: '2026-03-15', paid: -5n, credit: 0n, charge: 1097n },
  ])('from 10 to 20 $name', ({ day, paid, credit, charge }) => {
    const before = { price: decimal('10'), paid }
    expect(changePrice(before, decimal('20'), partLeft(march, 1, day), USD)).toEqual({ credit, charge })
  })

  it('credits the first change of a day in full at the second', () => {
    const left = partLeft(march, 1, '2026-03-15')
    const first = changePrice({ price: decimal('10'), paid: 1000n }, decimal('20'), left, USD)
    // 30 × 17/31 = 16.4516…
    const second = changePrice({ price: decimal('20'), paid: first.charge }, decimal('30'), left, USD)
    expect(second).toEqual({ credit: -first.charge, charge: 1645n })
  })

  it('ends any chain of changes on one day at the price of the last for the days left', () => {
    const price = fc.integer({ min: 0, max: 100_000 }).map((cents) => rational(BigInt(cents), 100n))
    fc.assert(
      fc.property(
        fc.array(price, { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 0, max: 30 }),
        (prices, after) => {
          const left = partLeft(march, 1, addDays(march.start_date, after))
          let paid = toMinor(prices[0]!, 'USD')
          const kept = paid - toMinor(multiply(prices[0]!, left), 'USD')
          for (const [place, next] of prices.slice(1).entries()) {
            const { credit, charge } = changePrice({ price: prices[place]!, paid }, next, left, USD)
            paid += credit + charge
          }
          expect(paid - kept).toBe(toMinor(multiply(prices.at(-1)!, left), 'USD'))
        },
      ),
    )
  })
})

describe('changeDay', () => {
  it.each([
    { before: '10', after: '20', day: '2026-03-15' },
    { before: '20', after: '10', day: '2026-04-01' },
    { before: '10', after: '10.00', day: '2026-04-01' },
  ])('from $before to $after is $day', ({ before, after, day }) => {
    expect(changeDay(march, 1, '2026-03-15', decimal(before), decimal(after))).toBe(day)
  })
})

describe('changeQuantity', () => {
  it.each([
    // 3 × 20 × 10/30 = 20.
    { before: '5', after: '8', left: days(10, 30), credits: false, credit: 0n, charge: 2000n },
    // 2 × 20 × 10/30 = 13.333…
    { before: '5', after: '3', left: days(10, 30), credits: true, credit: -1333n, charge: 0n },
    { before: '5', after: '3', left: days(10, 30), credits: false, credit: 0n, charge: 0n },
    { before: '5', after: '0', left: ONE, credits: true, credit: -10000n, charge: 0n },
    { before: '5', after: '9', left: ZERO, credits: true, credit: 0n, charge: 0n },
  ])('$before to $after seats', ({ before, after, left, credits, credit, charge }) => {
    const each = { price: decimal('20'), paid: 10000n }
    const change = { before: decimal(before), after: decimal(after) }
    expect(changeQuantity(each, change, left, credits, USD)).toEqual({ credit, charge })
  })
})

describe('cancellation', () => {
  it.each([
    // Of the 28 days of February the 21st to the 28th are 8: 28 × 8/28.
    { mode: 'now_with_credit', dayIsUsed: false, end: '2026-02-21', credit: 800n },
    { mode: 'now_with_credit', dayIsUsed: true, end: '2026-02-22', credit: 700n },
    { mode: 'now_without_credit', dayIsUsed: false, end: '2026-02-21', credit: 0n },
    { mode: 'period_end', dayIsUsed: true, end: '2026-03-01', credit: 0n },
  ] as const)('$mode on 21 February ends on $end', ({ mode, dayIsUsed, end, credit }) => {
    expect(cancellationEnd(february, 1, '2026-02-21', mode, dayIsUsed)).toBe(end)
    const change: PlannedChange = { type: 'cancellation', price: decimal('28'), mode, dayIsUsed }
    expect(previewChange(february, 1, '2026-02-21', change, USD)).toMatchObject({
      effective: end,
      credit: -credit,
      charge: 0n,
    })
  })

  it('gives back no more than was paid', () => {
    expect(unusedCredit({ price: decimal('28'), paid: 500n }, days(8, 28), USD)).toBe(500n)
  })
})

describe('previewChange', () => {
  it('takes the fee in advance of a stub as paid', () => {
    // From 15 March 17/31 of 10 were paid: 5.48. From the 20th 12/31 are left: 3.8709… and 7.7419…
    const stub = { ...march, start_date: '2026-03-15' } as const
    const change = { type: 'price', before: decimal('10'), after: decimal('20'), apply: 'now' } as const
    expect(previewChange(stub, 1, '2026-03-20', change, USD)).toMatchObject({
      effective: '2026-03-20',
      period: { start: '2026-03-15', end: '2026-04-01' },
      credit: -387n,
      charge: 774n,
    })
  })

  it('leaves a lower price to the end of the period', () => {
    const change = {
      type: 'price',
      before: decimal('20'),
      after: decimal('10'),
      apply: 'by_direction',
    } as const
    expect(previewChange(march, 1, '2026-03-15', change, USD)).toMatchObject({
      effective: '2026-04-01',
      left: ZERO,
      credit: 0n,
      charge: 0n,
    })
  })
})

it('a trial is free, and its days belong to the period: 31 × 17/31 from the 15th on', () => {
  expect(toMinor(multiply(decimal('31'), partLeft(march, 1, '2026-03-15')), 'USD')).toBe(1700n)
})
