import { describe, expect, it } from 'vitest'
import type { Metric } from '../../../src/catalog/metric.ts'
import type { MetricSample } from '../../../src/usage/metrics/metric-sample.ts'
import { measure } from '../../../src/usage/metrics/metric-state.ts'
import { quantityOf, sample, WINDOW } from './events.ts'

type Case = { name: string; metric: Metric; samples: MetricSample[]; value: string }

/** Events whose field `f` has these values, one each half hour. */
const values = (...list: unknown[]) => list.map((f, place) => sample(place / 2, '1', { f }))
const quantities = (...list: string[]) => list.map((quantity, hour) => sample(hour, quantity))
const keys = (...list: [hour: number, key: unknown, operation?: string][]) =>
  list.map(([hour, user, operation_type]) =>
    sample(hour, '1', { user, ...(operation_type && { operation_type }) }),
  )

const BAD = [null, 'ten', 'NaN', Number.NaN, Number.POSITIVE_INFINITY, { amount: 5 }, [5], true, '', '1e31']
const USERS: Metric = { type: 'unique_count', field: 'user' }
const P95: Metric = { type: 'percentile', percentile: '0.95' }

const CASES: Case[] = [
  { name: 'count: each event', metric: { type: 'count' }, samples: quantities('5', '0', '-2'), value: '3' },
  {
    name: 'count: an event with a null value too',
    metric: { type: 'count' },
    samples: values(null, 1),
    value: '2',
  },
  {
    name: 'sum: 10 + 2.5 - 4',
    metric: { type: 'sum' },
    samples: quantities('10', '2.5', '-4'),
    value: '8.5',
  },
  {
    name: 'sum: all digits, where a float ends at 123.45678901234568',
    metric: { type: 'sum' },
    samples: quantities('123', '0.4567890123456789'),
    value: '123.4567890123456789',
  },
  {
    name: 'sum: text is a number, 100 + 1',
    metric: { type: 'sum', field: 'f' },
    samples: values('100', 1),
    value: '101',
  },
  {
    name: 'sum: bad values add nothing',
    metric: { type: 'sum', field: 'f' },
    samples: values(...BAD, 7),
    value: '7',
  },
  {
    name: 'sum: a field that no event has',
    metric: { type: 'sum', field: 'constructor' },
    samples: values(1),
    value: '0',
  },
  { name: 'max', metric: { type: 'max' }, samples: quantities('3', '12', '7'), value: '12' },
  {
    name: 'max: below zero, as every value is',
    metric: { type: 'max' },
    samples: quantities('-5', '-3'),
    value: '-3',
  },
  {
    name: 'max: by number, not by text',
    metric: { type: 'max', field: 'f' },
    samples: values('9', '10'),
    value: '10',
  },
  {
    name: 'max: of bad values none',
    metric: { type: 'max', field: 'f' },
    samples: values(...BAD),
    value: '0',
  },
  { name: 'min', metric: { type: 'min' }, samples: quantities('3', '-12', '7'), value: '-12' },
  { name: 'avg: (1 + 2 + 6) / 3', metric: { type: 'avg' }, samples: quantities('1', '2', '6'), value: '3' },
  {
    name: 'avg: bad values are no samples, (4 + 8) / 2',
    metric: { type: 'avg', field: 'f' },
    samples: values(4, null, '8'),
    value: '6',
  },
  {
    name: 'avg: 2 / 3 at 30 places, half away from zero',
    metric: { type: 'avg' },
    samples: quantities('0', '0', '2'),
    value: '0.666666666666666666666666666667',
  },
  {
    name: 'latest: by timestamp, not by receipt',
    metric: { type: 'latest' },
    samples: [sample(5, '8'), sample(2, '9')],
    value: '8',
  },
  {
    name: 'latest: at the same time the last received',
    metric: { type: 'latest' },
    samples: [sample(5, '8'), sample(5, '3')],
    value: '3',
  },
  {
    name: 'latest: an event without the field is passed over',
    metric: { type: 'latest', field: 'f' },
    samples: values(4, undefined),
    value: '4',
  },
  { name: 'unique count: a, b, a', metric: USERS, samples: keys([0, 'a'], [1, 'b'], [2, 'a']), value: '2' },
  {
    name: 'unique count: null is no key, 1 and "1" are one',
    metric: USERS,
    samples: keys([0, null], [1, 1], [2, '1']),
    value: '1',
  },
  {
    name: 'unique count: a quantity is one key, however spelled',
    metric: { type: 'unique_count' },
    samples: quantities('5', '5.0', '50e-1', 'five'),
    value: '1',
  },
  {
    name: 'unique count: long keys differ in their last character',
    metric: USERS,
    samples: keys([0, `${'x'.repeat(999)}a`], [1, `${'x'.repeat(999)}b`]),
    value: '2',
  },
  {
    name: 'unique count: a removed, b left',
    metric: USERS,
    samples: keys([0, 'a'], [1, 'b'], [2, 'a', 'remove']),
    value: '1',
  },
  {
    name: 'unique count: removed, then added again',
    metric: USERS,
    samples: keys([2, 'a', 'add'], [1, 'a', 'remove'], [0, 'a']),
    value: '1',
  },
  {
    name: 'unique count: not recurring, forgets earlier keys',
    metric: USERS,
    samples: keys([-1, 'a'], [1, 'b']),
    value: '1',
  },
  {
    name: 'unique count: recurring, a and b carried, a removed, c added',
    metric: { ...USERS, recurring: true },
    samples: keys([-2, 'a'], [-1, 'b'], [1, 'a', 'remove'], [2, 'c']),
    value: '2',
  },
  {
    // 10 from hour 2, 15 from hour 6, 0 from hour 8: (10 x 4 + 15 x 2 + 0 x 2) / 10 = 70 / 10
    name: 'weighted sum: the time average of the running sum',
    metric: { type: 'weighted_sum' },
    samples: [sample(6, '5'), sample(2, '10'), sample(8, '-15')],
    value: '7',
  },
  {
    name: 'weighted sum: a whole window of 4, though 3 were there before',
    metric: { type: 'weighted_sum' },
    samples: [sample(-1, '3'), sample(0, '4')],
    value: '4',
  },
  {
    // 3 all the time, and 4 for the second half: 3 + 4 x 5 / 10
    name: 'weighted sum: recurring, starts from what was there',
    metric: { type: 'weighted_sum', recurring: true },
    samples: [sample(-9, '1'), sample(-1, '2'), sample(5, '4')],
    value: '5',
  },
  {
    name: 'weighted sum: what is carried, where nothing happens',
    metric: { type: 'weighted_sum', recurring: true },
    samples: [sample(-1, '3')],
    value: '3',
  },
  {
    name: 'sum: recurring, 5 carried + 2',
    metric: { type: 'sum', recurring: true },
    samples: [sample(-8, '5'), sample(1, '2')],
    value: '7',
  },
  {
    // 20 samples: floor(20 x 0.05) = 1 is dropped, 20 itself
    name: 'percentile: the highest after dropping one of twenty',
    metric: P95,
    samples: Array.from({ length: 20 }, (_, place) => sample(place / 2, String(20 - place))),
    value: '19',
  },
  {
    name: 'percentile: floor(19 x 0.05) = 0 dropped',
    metric: P95,
    samples: Array.from({ length: 19 }, (_, n) => sample(n / 2, String(n))),
    value: '18',
  },
  {
    // 8,640 samples, 1 to 8,640: floor(8,640 x 0.05) = 432 dropped
    name: 'percentile: 432 of 8,640 dropped',
    metric: P95,
    samples: Array.from({ length: 8640 }, (_, place) => sample(place / 864, String(place + 1))),
    value: '8208',
  },
  {
    name: 'percentile 1: the maximum',
    metric: { type: 'percentile', percentile: '1' },
    samples: quantities('2', '9', '9'),
    value: '9',
  },
  {
    name: 'percentile 0.001: the minimum',
    metric: { type: 'percentile', percentile: '0.001' },
    samples: quantities('2', '9', '9'),
    value: '2',
  },
]

it.each(CASES)('$name = $value', ({ metric, samples, value }) =>
  expect(quantityOf(metric, samples)).toBe(value),
)

describe('of nothing', () => {
  it.each(['count', 'sum', 'unique_count', 'weighted_sum'] as const)('%s is 0', (type) =>
    expect(measure({ type }, [], WINDOW)?.num).toBe(0n),
  )
  it.each(['max', 'min', 'avg', 'latest', 'percentile'] as const)('%s is no value, billed as 0', (type) => {
    expect(measure({ type, percentile: '0.5' }, [], WINDOW)).toBeUndefined()
    expect(quantityOf({ type, percentile: '0.5' }, [])).toBe('0')
  })
})

describe('rounding, before pricing', () => {
  it.each([
    ['123.456', 'round', 2, '123.46'],
    ['123.456', 'ceil', 2, '123.46'],
    ['123.456', 'floor', 2, '123.45'],
    ['123.456', 'ceil', -2, '200'],
    ['123.456', 'floor', -2, '100'],
    ['150', 'round', -2, '200'],
    ['0.5', 'round', 0, '1'],
    ['-0.5', 'round', 0, '-1'],
    ['-123.456', 'ceil', 2, '-123.45'],
    ['-123.456', 'floor', 2, '-123.46'],
  ] as const)('%s, %s to %i places, is %s', (quantity, fn, places, value) =>
    expect(quantityOf({ type: 'sum', rounding: { function: fn, places } }, [sample(0, quantity)])).toBe(
      value,
    ),
  )

  it('rounds the quantity of each group: ceil(1.2) + ceil(2.2) = 2 + 3', () => {
    const metric: Metric = { type: 'sum', group_by: ['f'], rounding: { function: 'ceil', places: 0 } }
    expect(quantityOf(metric, [sample(0, '1.2', { f: 'a' }), sample(1, '2.2', { f: 'b' })])).toBe('5')
  })
})
