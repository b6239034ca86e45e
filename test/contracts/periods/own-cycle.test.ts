import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BillingCycle, CYCLE_UNITS } from '../../../src/contracts/contract.ts'
import {
  cycleTermsOf,
  firstPaidDay,
  periodOn,
  periodsWithin,
} from '../../../src/contracts/periods/own-cycle.ts'
import {
  boundaryDate,
  type CycleTerms,
  cycleOn,
  cyclePeriod,
  fullCyclePeriod,
  isShorter,
} from '../../../src/contracts/periods/schedule.ts'
import { dateAt, instantOf } from '../../../src/contracts/periods/zone.ts'
import { addDays } from '../../../src/kernel/calendar.ts'
import { sold } from '../../support/contract-terms.ts'

const YEARLY: BillingCycle = { unit: 'YEARLY', cycle: 1 }
const QUARTERLY: BillingCycle = { unit: 'QUARTERLY', cycle: 1 }

const monthly = (start_date: string, more: Partial<CycleTerms> = {}): CycleTerms => ({
  start_date,
  end_date: null,
  anchor_date: start_date,
  billing_cycle: { unit: 'MONTHLY', cycle: 1 },
  ...more,
})

describe('the periods of a product with a cycle of its own', () => {
  it.each([
    {
      name: 'begin with the contract',
      terms: monthly('2026-01-15'),
      product: { billing_cycle: YEARLY },
      expected: ['2026-01-15', '2027-01-15', '2028-01-15'],
    },
    {
      name: 'begin on 1 January where months of the calendar do',
      terms: monthly('2026-03-10', { anchor_date: '2026-01-01' }),
      product: { billing_cycle: YEARLY },
      expected: ['2026-03-10', '2027-01-01', '2028-01-01'],
    },
    {
      name: 'have an anchor of their own',
      terms: monthly('2026-01-01'),
      product: { billing_cycle: YEARLY, anchor_date: '2026-06-10' },
      expected: ['2026-01-01', '2026-06-10', '2027-06-10'],
    },
    {
      name: 'come back to the 31st after a short month',
      terms: monthly('2026-08-31'),
      product: { billing_cycle: QUARTERLY },
      expected: ['2026-08-31', '2026-11-30', '2027-02-28', '2027-05-31'],
    },
    {
      name: 'come back to 29 February in a leap year',
      terms: monthly('2024-02-29'),
      product: { billing_cycle: YEARLY },
      expected: ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29'],
    },
    {
      name: 'end with the contract',
      terms: monthly('2026-01-01', { end_date: '2027-07-01' }),
      product: { billing_cycle: YEARLY },
      expected: ['2026-01-01', '2027-01-01', '2027-07-01', '2027-07-01'],
    },
    {
      name: "are the contract's without",
      terms: monthly('2026-01-31'),
      product: {},
      expected: ['2026-01-31', '2026-02-28', '2026-03-31'],
    },
  ])('$name', ({ terms, product, expected }) => {
    const own = cycleTermsOf(terms, product)
    expect(expected.map((_, k) => boundaryDate(own, k))).toEqual(expected)
  })

  it.each([
    { n: 1, product: { billing_cycle: YEARLY }, expected: [1] },
    { n: 13, product: { billing_cycle: YEARLY }, expected: [2] },
    // June 2026 has days of the year to 10 June and of the one from it.
    { n: 6, product: { billing_cycle: YEARLY, anchor_date: '2026-06-10' }, expected: [1, 2] },
    { n: 7, product: { billing_cycle: YEARLY, anchor_date: '2026-06-10' }, expected: [2] },
    // Five weeks from 1 January: to 5 February, 12 March, 16 April.
    { n: 3, product: { billing_cycle: { unit: 'WEEKLY', cycle: 5 } as const }, expected: [2, 3] },
    { n: 5, product: {}, expected: [5] },
  ])('those within cycle $n of the contract are $expected', ({ n, product, expected }) => {
    expect(periodsWithin(monthly('2026-01-01'), product, n)).toEqual(expected)
  })

  it.each([
    { a: { unit: 'MONTHLY', cycle: 1 }, b: { unit: 'WEEKLY', cycle: 5 }, expected: true },
    { a: { unit: 'WEEKLY', cycle: 4 }, b: { unit: 'MONTHLY', cycle: 1 }, expected: true },
    { a: { unit: 'MONTHLY', cycle: 12 }, b: { unit: 'YEARLY', cycle: 1 }, expected: false },
    { a: { unit: 'YEARLY', cycle: 1 }, b: { unit: 'QUARTERLY', cycle: 4 }, expected: false },
    { a: { unit: 'QUARTERLY', cycle: 3 }, b: { unit: 'MONTHLY', cycle: 9 }, expected: false },
  ] as const)('$a.cycle $a.unit is shorter than $b.cycle $b.unit: $expected', ({ a, b, expected }) => {
    expect(isShorter(a, b)).toBe(expected)
  })
})

describe('firstPaidDay', () => {
  const span = { start_date: '2026-01-01', end_date: '2027-07-01' }
  const year = { start: '2026-01-01', end: '2027-01-01' }
  const fee = (more: object) => sold('platform', { type: 'flat', amount: '1', term: 'in_advance' }, more)

  it.each([
    { name: 'of all of it', prices: [fee({})], expected: '2026-01-01' },
    {
      name: 'of the earliest price',
      prices: [fee({ billing_start_date: '2026-09-10' }), fee({ billing_start_date: '2026-06-10' })],
      expected: '2026-06-10',
    },
    { name: 'after a trial', prices: [fee({ trial_end_date: '2026-02-15' })], expected: '2026-02-15' },
    { name: 'none after its end', prices: [fee({ billing_end_date: '2026-01-01' })], expected: undefined },
    {
      name: 'none before its start',
      prices: [fee({ billing_start_date: '2027-01-01' })],
      expected: undefined,
    },
  ])('$name', ({ prices, expected }) => {
    expect(firstPaidDay(span, prices, year)).toBe(expected)
  })
})

describe('any cycle of a product in any contract', () => {
  const cycle = fc.record({ unit: fc.constantFrom(...CYCLE_UNITS), cycle: fc.integer({ min: 1, max: 3 }) })
  const date = fc.integer({ min: 0, max: 7_500 }).map((days) => addDays('2020-01-01', days))
  const zone = fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Europe/Berlin')
  const contract = fc
    .record({ start: date, anchor: date, own: date, contracts: cycle, products: cycle })
    .filter(({ contracts, products }) => !isShorter(products, contracts))
    .map(({ start, anchor, own, contracts, products }) => ({
      terms: monthly(start, { anchor_date: anchor, billing_cycle: contracts }),
      product: { billing_cycle: products, anchor_date: own },
    }))

  it('tiles the time from the start on, in any zone, without a gap', () => {
    fc.assert(
      fc.property(contract, zone, fc.integer({ min: 1, max: 30 }), ({ terms, product }, timezone, n) => {
        const own = { ...cycleTermsOf(terms, product), timezone }
        const [one, next] = [cyclePeriod(own, n), cyclePeriod(own, n + 1)]
        expect(cyclePeriod(own, 1).start).toBe(terms.start_date)
        expect(one.start < one.end).toBe(true)
        expect(next.start).toBe(one.end)
        expect(instantOf(own, one.start)).toBeLessThanOrEqual(instantOf(own, one.end))
        expect(dateAt(own, instantOf(own, next.start) - 1) < next.start).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('has each day in one period, which lies within the cycles that it has days of', () => {
    fc.assert(
      fc.property(contract, fc.integer({ min: 0, max: 3_000 }), ({ terms, product }, days) => {
        const day = addDays(terms.start_date, days)
        const { start, end } = periodOn(terms, product, day)
        expect(start <= day && day < end).toBe(true)
        const own = cycleTermsOf(terms, product)
        const within = periodsWithin(terms, product, cycleOn(terms, day))
        expect(within.map((m) => fullCyclePeriod(own, m).start)).toContain(start)
        // None is shorter than a cycle, but for days that months differ by.
        expect(within.length).toBeLessThanOrEqual(3)
      }),
      { numRuns: 300 },
    )
  })
})
