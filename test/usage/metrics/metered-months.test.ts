import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Metric } from '../../../src/catalog/metric.ts'
import { compare, sum } from '../../../src/kernel/rational.ts'
import { meteredByMonth, meteredGroups } from '../../../src/usage/metrics/metered-value.ts'
import type { MetricSample } from '../../../src/usage/metrics/metric-sample.ts'
import { formatQuantity, readQuantity } from '../../../src/usage/quantity.ts'
import { anyMetric, anySamples } from './arbitrary.ts'
import { cellsOf, START, sample, WINDOW } from './events.ts'

/** The window of ten hours cut after four: parts in proportion are 4/10 and 6/10. */
const CUT = START + 4 * 3_600_000
const MONTHS = [
  { month: 'a', start: START, end: CUT },
  { month: 'b', start: CUT, end: WINDOW.end },
]

const split = (metric: Metric, samples: readonly MetricSample[]) =>
  Object.values(meteredByMonth(metric, cellsOf(metric, samples), WINDOW, MONTHS)).map(formatQuantity)

const user = (hour: number, name: string, operation_type = 'add') =>
  sample(hour, '1', { user: name, operation_type })
const USERS: Metric = { type: 'unique_count', field: 'user' }

describe('the months of a window', () => {
  it.each<[string, Metric, MetricSample[], string[]]>([
    ['sum: what happened in each', { type: 'sum' }, [sample(1, '3'), sample(4, '5')], ['3', '5']],
    ['sum: also below zero', { type: 'sum' }, [sample(1, '3'), sample(4, '-5')], ['3', '-5']],
    ['count', { type: 'count' }, [sample(1, '3'), sample(4, '5'), sample(9, '5')], ['1', '2']],
    // ceil(1.2) = 2, ceil(1.2 + 1.2) = 3
    [
      'sum: the rounded total as it grows',
      { type: 'sum', rounding: { function: 'ceil', places: 0 } },
      [sample(1, '1.2'), sample(5, '1.2')],
      ['2', '1'],
    ],
    // 10 x 4/10 + 1, 10 x 6/10 + 2
    [
      'sum: what was carried in is there all the time',
      { type: 'sum', recurring: true },
      [sample(-1, '10'), sample(1, '1'), sample(5, '2')],
      ['5', '8'],
    ],
    // 10 from hour 2: 10 x 2 / 10 and 10 x 6 / 10
    ['weighted sum: the area of each', { type: 'weighted_sum' }, [sample(2, '10')], ['2', '6']],
    // ceil(10 x 2 / 4) to tens x 4/10, and of ceil(10 x 8 / 10) = 10 the rest
    [
      'weighted sum: the rounded average of each part of the window',
      { type: 'weighted_sum', rounding: { function: 'ceil', places: -1 } },
      [sample(2, '10')],
      ['4', '6'],
    ],
    ['max: by its growth', { type: 'max' }, [sample(1, '3'), sample(5, '8')], ['3', '5']],
    ['max: reached in the first', { type: 'max' }, [sample(1, '8'), sample(5, '3')], ['8', '0']],
    // -5 x 4/10, -5 x 6/10
    ['max: below zero, evenly', { type: 'max' }, [sample(1, '-5')], ['-2', '-3']],
    ['unique count: by its growth', USERS, [user(1, 'x'), user(5, 'x'), user(5, 'y')], ['1', '1']],
    // two, of which one is left: 1 x 4/10, 1 x 6/10
    [
      'unique count: evenly where keys were removed',
      USERS,
      [user(1, 'x'), user(2, 'y'), user(5, 'x', 'remove')],
      ['0.4', '0.6'],
    ],
    ['avg: evenly', { type: 'avg' }, [sample(1, '5'), sample(2, '15')], ['4', '6']],
    ['latest: evenly', { type: 'latest' }, [sample(1, '5'), sample(2, '20')], ['8', '12']],
    ['min of nothing', { type: 'min' }, [], ['0', '0']],
  ])('%s', (_, metric, samples, parts) => expect(split(metric, samples)).toEqual(parts))

  it('add up to the total exactly, as they are written too', () =>
    fc.assert(
      fc.property(anyMetric, anySamples, (metric, samples) => {
        const cells = cellsOf(metric, samples)
        const parts = Object.values(meteredByMonth(metric, cells, WINDOW, MONTHS))
        const { total } = meteredGroups(metric, cells, WINDOW)
        const written = parts.map((part) => readQuantity(formatQuantity(part)))
        expect(formatQuantity(sum(written))).toBe(formatQuantity(total))
        expect(compare(sum(parts), total)).toBe(0)
      }),
    ))
})
