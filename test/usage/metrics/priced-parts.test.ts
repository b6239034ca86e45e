import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Metric } from '../../../src/catalog/metric.ts'
import type { Price } from '../../../src/catalog/price.ts'
import { decimal, formatDecimal } from '../../../src/kernel/rational.ts'
import { PaidCounter } from '../../../src/rating/percentage.ts'
import type { PricedParts } from '../../../src/usage/metrics/priced-parts.ts'
import { type MeteredTotal, metricTotal } from '../../../src/usage/sealed-usage.ts'
import { percentage } from '../../rating/prices.ts'
import { cellsOf } from './events.ts'

const at = (instant: string) => Date.parse(instant)
const YEAR = { start: at('2026-01-01T00:00:00Z'), end: at('2027-01-01T00:00:00Z') }
const MONTHS = [
  { month: '2026-01', start: YEAR.start, end: at('2026-02-01T00:00:00Z') },
  { month: '2026-02', start: at('2026-02-01T00:00:00Z'), end: YEAR.end },
]

type Use = [instant: string, quantity: string]

const totalOf = (metric: Metric, parts: PricedParts, uses: readonly Use[]): MeteredTotal => {
  const samples = uses.map(([instant, quantity], place) => ({
    at: at(instant),
    order: [0, place] as const,
    quantity,
    properties: {},
  }))
  return metricTotal(cellsOf(metric, samples), { ...YEAR, metric, months: MONTHS, parts })
}

describe('the hours or days of a cycle', () => {
  const by = (bucket: 'hour' | 'day', timezone: string, type: Metric['type'], ...uses: Use[]) =>
    totalOf({ type }, { by: 'bucket', bucket, timezone }, uses)

  it.each([
    {
      name: 'the largest of each hour, and their sum: 5 + 9',
      total: by(
        'hour',
        'UTC',
        'max',
        ['2026-01-05T10:00:00Z', '5'],
        ['2026-01-05T10:59:59Z', '3'],
        ['2026-01-05T11:00:00Z', '9'],
      ),
      quantity: '14',
      january: ['5', '9'],
    },
    {
      name: 'an hour of Kathmandu begins a quarter past one of UTC: 05:55 and 06:05 are two',
      total: by(
        'hour',
        'Asia/Kathmandu',
        'sum',
        ['2026-01-05T00:10:00Z', '1'],
        ['2026-01-05T00:20:00Z', '2'],
      ),
      quantity: '3',
      january: ['1', '2'],
    },
    {
      name: 'the same two in UTC are one',
      total: by('hour', 'UTC', 'sum', ['2026-01-05T00:10:00Z', '1'], ['2026-01-05T00:20:00Z', '2']),
      quantity: '3',
      january: ['3'],
    },
    {
      name: 'the hour that a clock change repeats is two',
      total: by(
        'hour',
        'America/New_York',
        'max',
        ['2026-11-01T05:30:00Z', '4'],
        ['2026-11-01T06:30:00Z', '6'],
      ),
      quantity: '10',
      february: ['4', '6'],
    },
    {
      name: 'a day of 25 hours is one',
      total: by(
        'day',
        'America/New_York',
        'max',
        ['2026-11-01T04:00:00Z', '4'],
        ['2026-11-02T04:30:00Z', '6'],
      ),
      quantity: '6',
      february: ['6'],
    },
    {
      name: 'distinct values begin anew each day: the event of 3 January counts again',
      total: by(
        'day',
        'UTC',
        'unique_count',
        ['2026-01-02T08:00:00Z', '7'],
        ['2026-01-02T09:00:00Z', '7'],
        ['2026-01-03T08:00:00Z', '7'],
      ),
      quantity: '2',
      january: ['1', '1'],
    },
  ])('$name', ({ total, quantity, january = [], february = [] }) => {
    const values = (month: string) =>
      (total.buckets?.[month] ?? []).flatMap(({ quantity, times }) => new Array(times).fill(quantity))
    expect(total.quantity).toBe(quantity)
    expect([values('2026-01'), values('2026-02')]).toEqual([january, february])
  })

  it('tells equal ones that follow each other once', () => {
    const uses = Array.from(
      { length: 24 },
      (_, hour): Use => [`2026-01-05T${String(hour).padStart(2, '0')}:30:00Z`, '2'],
    )
    const { quantity, byMonth, buckets } = by('hour', 'UTC', 'max', ...uses, ['2026-02-01T00:00:00Z', '3'])
    expect([quantity, byMonth, buckets]).toEqual([
      '51',
      { '2026-01': '48', '2026-02': '3' },
      { '2026-01': [{ quantity: '2', times: 24 }], '2026-02': [{ quantity: '3', times: 1 }] },
    ])
  })
})

describe('the single events of a cycle', () => {
  const EACH: Metric = { type: 'sum', each: true }
  const paid = (price: Price, ...uses: Use[]) => totalOf(EACH, { by: 'event', price }, uses)
  const model = percentage('1.3', { fixed_per_event: '2', free_events: '3', free_amount: '250' })

  it('are counted in the order of time, up to the end of each month', () => {
    // 50 + 100 are free, of 250 the excess of 150 is paid; in February 400 more: 550 of 2 events.
    const total = paid(
      { model },
      ['2026-02-02T00:00:00Z', '400'],
      ['2026-01-02T00:00:00Z', '100'],
      ['2026-01-03T00:00:00Z', '250'],
      ['2026-01-01T00:00:00Z', '50'],
    )
    expect(total).toEqual({
      quantity: '800',
      byMonth: { '2026-01': '400', '2026-02': '400' },
      paid: {
        '2026-01': { count: '1', base: '150', bounds: '0' },
        '2026-02': { count: '2', base: '550', bounds: '0' },
      },
    })
  })

  it('carry what the bounds for one event make of them: 0.299 to 1.75, and 299 to 12', () => {
    // 1.75 − 0.299 = 1.451; 12 − 299 = −287; together −285.549.
    const bounds = percentage('2.99', { min_per_event: '1.75', max_per_event: '12' })
    const { paid: counted } = paid(
      { model: bounds },
      ['2026-01-01T00:00:00Z', '10'],
      ['2026-01-01T00:00:00Z', '80'],
      ['2026-01-01T00:00:00Z', '10000'],
    )
    expect(counted?.['2026-02']).toEqual({ count: '3', base: '10090', bounds: '-285.549' })
  })

  it('are converted and freed of included units one by one, before the price looks at them', () => {
    // 1,000 and 500 cents are 10 and 5; 12 are included: nothing of the first, 3 of the second.
    const modifiers = {
      unit_conversion: { op: 'multiply', factor: '0.01', rounding: 'none' },
      included_quantity: '12',
    } as const
    const fixed = percentage('10', { fixed_per_event: '1' })
    const { quantity, paid: counted } = paid(
      { model: fixed, modifiers },
      ['2026-01-01T00:00:00Z', '1000'],
      ['2026-01-02T00:00:00Z', '500'],
    )
    expect([quantity, counted?.['2026-02']]).toEqual(['1500', { count: '1', base: '3', bounds: '0' }])
  })

  it('come to the same in whatever order they are sent, and by whatever cells they are kept', () => {
    const instants = [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:01Z',
      '2026-01-09T12:00:00Z',
      '2026-03-01T00:00:00Z',
    ]
    const uses = fc.array(
      fc.tuple(fc.constantFrom(...instants), fc.integer({ min: -50, max: 300 }).map(String)),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(uses, (some) => {
        const counter = new PaidCounter(model)
        const inOrder = [...some].sort(([a, x], [b, y]) => at(a) - at(b) || Number(x) - Number(y))
        for (const [, amount] of inOrder) counter.add({ amount: decimal(amount), times: 1n })
        const { paid: counted } = paid({ model }, ...[...some].reverse())
        expect(counted?.['2026-02']).toMatchObject({
          count: formatDecimal(counter.paid.count),
          base: formatDecimal(counter.paid.base),
        })
      }),
    )
  })
})
