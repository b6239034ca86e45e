import { describe, expect, it } from 'vitest'
import { compare, decimal, divide } from '../../../src/kernel/rational.ts'
import { isRate, lastRateDay, rateBookOf, rateOn } from '../../../src/ledger/fx/rate.ts'

const published = (date: string, quote: string, rate: string) => ({ base: 'EUR', quote, date, rate })

// 6 November 2026 is a Friday.
const BOOK = rateBookOf([
  published('2026-11-09', 'USD', '1.30'),
  published('2026-11-06', 'USD', '1.25'),
  published('2026-11-06', 'GBP', '0.80'),
  published('2026-11-05', 'JPY', '160'),
])

describe('rateOn', () => {
  it.each([
    { from: 'EUR', to: 'USD', date: '2026-11-06', rate: '1.25', of: '2026-11-06', why: 'as published' },
    { from: 'EUR', to: 'USD', date: '2026-11-08', rate: '1.25', of: '2026-11-06', why: 'on a Sunday' },
    {
      from: 'EUR',
      to: 'USD',
      date: '2026-11-09',
      rate: '1.30',
      of: '2026-11-09',
      why: 'on the Monday after',
    },
    { from: 'USD', to: 'EUR', date: '2026-11-06', rate: '0.8', of: '2026-11-06', why: 'inverse: 1 / 1.25' },
    {
      from: 'GBP',
      to: 'USD',
      date: '2026-11-06',
      rate: '1.5625',
      of: '2026-11-06',
      why: 'cross: 1.25 / 0.80',
    },
    {
      from: 'JPY',
      to: 'GBP',
      date: '2026-11-06',
      rate: '0.005',
      of: '2026-11-05',
      why: '0.80 / 160, older leg',
    },
    {
      from: 'CHF',
      to: 'CHF',
      date: '2026-11-06',
      rate: '1',
      of: '2026-11-06',
      why: 'a currency with itself',
    },
  ])('$from to $to on $date is $rate ($why)', ({ from, to, date, rate, of }) => {
    const applied = rateOn(BOOK, { from, to, date })
    expect(applied?.date).toBe(of)
    expect(compare(applied!.rate, decimal(rate))).toBe(0)
  })

  it('keeps an inverse exact that no decimal can write', () => {
    const book = rateBookOf([published('2026-11-06', 'USD', '3')])
    const rate = rateOn(book, { from: 'USD', to: 'EUR', date: '2026-11-06' })!.rate
    expect(compare(rate, divide(decimal('1'), decimal('3')))).toBe(0)
  })

  it.each([
    { from: 'EUR', to: 'USD', date: '2026-11-05', why: 'before the first' },
    { from: 'EUR', to: 'GBP', date: '2026-11-14', why: 'eight days after the last' },
    { from: 'EUR', to: 'CHF', date: '2026-11-06', why: 'a pair that nobody publishes' },
  ])('knows none from $from to $to on $date ($why)', ({ from, to, date }) => {
    expect(rateOn(BOOK, { from, to, date })).toBeUndefined()
  })

  it('uses a rate for seven days', () => {
    expect(rateOn(BOOK, { from: 'EUR', to: 'GBP', date: '2026-11-13' })?.date).toBe('2026-11-06')
  })
})

it.each([
  ['1.0853', true],
  ['1e-9', true],
  ['1e9', true],
  ['1e-10', false],
  ['1000000000.1', false],
  ['0', false],
  ['-1', false],
  ['N/A', false],
  ['1e308', false],
])('%s is a rate: %s', (text, is) => {
  expect(isRate(text)).toBe(is)
})

it.each([
  ['2026-11-23T00:00:00Z', false, '2026-11-24'],
  ['2026-12-31T23:59:59Z', false, '2027-01-01'],
  // 365 + 365 + 366 days, in which its clock may be anywhere
  ['2026-01-01T00:00:00Z', true, '2029-01-01'],
] as const)('at %s (sandbox: %s) rates up to %s are taken', (now, inSandbox, day) => {
  expect(lastRateDay(Date.parse(now), inSandbox)).toBe(day)
})
