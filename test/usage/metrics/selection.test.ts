import { describe, expect, it } from 'vitest'
import type { Metric } from '../../../src/catalog/metric.ts'
import { isPlain, readGroup } from '../../../src/usage/metrics/grouping.ts'
import { meteredGroups } from '../../../src/usage/metrics/metered-value.ts'
import { formatQuantity } from '../../../src/usage/quantity.ts'
import { cellsOf, quantityOf, sample, WINDOW } from './events.ts'

/** Powers of two, so that a sum tells which events were taken. */
const EVENTS = [
  sample(0, '1', { region: 'eu', tier: 1 }),
  sample(1, '2', { region: 'eu', tier: '2' }),
  sample(2, '4', { region: 'us', tier: 1, test: true }),
  sample(3, '8', { tier: 1 }),
  sample(4, '16', { region: null, tier: {} }),
]

describe('filters and exclusions', () => {
  it.each<[string, Partial<Metric>, string]>([
    ['one of the values listed', { filter: { region: ['eu', 'us'] } }, '7'],
    ['every key: eu and 1', { filter: { region: ['eu'], tier: ['1'] } }, '1'],
    ['numbers by their text', { filter: { tier: ['1', '2'] } }, '15'],
    ['booleans by their text', { filter: { test: ['true'] } }, '4'],
    ['a value that no event has', { filter: { region: ['asia'] } }, '0'],
    ['empty entries of a filter ask for nothing', { filter: { region: [], tier: ['2'] } }, '2'],
    ['an empty filter', { filter: {} }, '31'],
    ['excluded only where all keys match', { exclude: [{ region: ['eu'], tier: ['1'] }] }, '30'],
    ['excluded by any entry', { exclude: [{ region: ['eu'] }, { test: ['true'] }] }, '24'],
    ['empty exclusions exclude nothing', { exclude: [{}, { region: [] }] }, '31'],
    [
      'filtered, then excluded: 1 + 4 + 8 - 4',
      { filter: { tier: ['1'] }, exclude: [{ region: ['us'] }] },
      '9',
    ],
  ])('%s', (_, selection, value) => expect(quantityOf({ type: 'sum', ...selection }, EVENTS)).toBe(value))
})

describe('groups', () => {
  const groupsOf = (metric: Metric) =>
    meteredGroups(metric, cellsOf(metric, EVENTS), WINDOW).groups.map(({ group, value }) => ({
      ...readGroup(metric, group),
      value: formatQuantity(value),
    }))

  it('has one quantity for each value; a missing one is a group of its own', () =>
    expect(groupsOf({ type: 'sum', group_by: ['region'] })).toEqual([
      { region: 'eu', value: '3' },
      { region: 'us', value: '4' },
      { region: null, value: '24' },
    ]))

  it('has one for each combination of values', () =>
    expect(groupsOf({ type: 'count', group_by: ['tier', 'test'], filter: { tier: ['1'] } })).toEqual([
      { tier: '1', test: 'true', value: '1' },
      { tier: '1', test: null, value: '2' },
    ]))

  it('is nothing to tell apart for a metric without them', () =>
    expect(groupsOf({ type: 'max' })).toEqual([{ value: '16' }]))

  it('carries a group that did nothing in the window', () => {
    const metric: Metric = { type: 'sum', group_by: ['region'], recurring: true }
    const cells = cellsOf(metric, [sample(-1, '5', { region: 'eu' }), sample(1, '2', { region: 'us' })])
    const { total, groups } = meteredGroups(metric, cells, WINDOW)
    expect([formatQuantity(total), groups.length]).toEqual(['7', 2])
  })
})

it.each<[Metric, boolean]>([
  [{ type: 'sum' }, true],
  [{ type: 'sum', field: 'quantity', recurring: false }, true],
  [{ type: 'sum', recurring: true }, false],
  [{ type: 'sum', rounding: { function: 'ceil', places: 0 } }, false],
  [{ type: 'count' }, true],
  [{ type: 'sum', field: 'bytes' }, false],
  [{ type: 'sum', filter: { region: ['eu'] } }, false],
  [{ type: 'count', exclude: [{ region: ['eu'] }] }, false],
  [{ type: 'count', group_by: ['region'] }, false],
  [{ type: 'max' }, false],
])('%o: base totals answer it alone: %s', (metric, plain) => expect(isPlain(metric)).toBe(plain))
