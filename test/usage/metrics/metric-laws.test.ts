import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Metric } from '../../../src/catalog/metric.ts'
import {
  add,
  compare,
  decimal,
  multiply,
  type Rational,
  rational,
  sum,
} from '../../../src/kernel/rational.ts'
import { bucketOf } from '../../../src/usage/bucket.ts'
import { joinCells, type MetricCell, meteredGroups } from '../../../src/usage/metrics/metered-value.ts'
import { mergeStates } from '../../../src/usage/metrics/metric-state.ts'
import { formatQuantity } from '../../../src/usage/quantity.ts'
import { anyMetric, anySamples } from './arbitrary.ts'
import { cellsOf, HOUR, quantityOf, START, sample, WINDOW } from './events.ts'

const told = (metric: Metric, cells: readonly MetricCell[]) =>
  meteredGroups(metric, cells, WINDOW).groups.map(({ group, value }) => [group, formatQuantity(value)])

/** Cells by the quarter hour, each merged event by event in the order given. */
function bucketed(metric: Metric, cells: readonly MetricCell[]): MetricCell[] {
  const merged = new Map<string, MetricCell>()
  for (const cell of cells) {
    const at = bucketOf(cell.at)
    const key = `${at} ${cell.part} ${cell.group}`
    const held = merged.get(key)
    merged.set(key, { ...cell, at, state: held ? mergeStates(metric, held.state, cell.state) : cell.state })
  }
  return [...merged.values()]
}

const shuffled = fc
  .tuple(anyMetric, anySamples)
  .chain(([metric, samples]) =>
    fc.tuple(
      fc.constant(metric),
      fc.constant(samples),
      fc.shuffledSubarray(samples, { minLength: samples.length }),
    ),
  )

it('events in any order, merged in any order into cells of a quarter hour, have the same value', () =>
  fc.assert(
    fc.property(shuffled, ([metric, samples, otherwise]) => {
      const cells = cellsOf(metric, samples)
      const others = bucketed(metric, cellsOf(metric, otherwise))
      expect(told(metric, others)).toEqual(told(metric, cells))
      const byPlace = (list: MetricCell[]) => new Set(list.map((cell) => JSON.stringify(cell)))
      expect(byPlace(others)).toEqual(byPlace(bucketed(metric, cells)))
    }),
  ))

it('cells that are joined before the window carry the same', () =>
  fc.assert(
    fc.property(anyMetric, anySamples, (metric, samples) => {
      const cells = cellsOf(metric, samples)
      const joined = joinCells(
        metric,
        cells.filter(({ at }) => at < START),
      )
      expect(told(metric, [...joined, ...cells.filter(({ at }) => at >= START)])).toEqual(told(metric, cells))
    }),
  ))

it('groups add up to what the same metric sums or counts without groups', () =>
  fc.assert(
    fc.property(fc.constantFrom('sum', 'count', 'weighted_sum'), anySamples, (type, samples) => {
      const metric: Metric = { type, ...(type !== 'count' && { field: 'f' }) }
      const { groups } = meteredGroups(
        { ...metric, group_by: ['region'] },
        cellsOf({ ...metric, group_by: ['region'] }, samples),
        WINDOW,
      )
      const apart = sum(groups.map(({ value }) => value))
      const whole = meteredGroups(metric, cellsOf(metric, samples), WINDOW).total
      // A weighted sum divides: each group is off by half of the 30th place at most.
      expect(compare(distance(apart, whole), rational(2n, 10n ** 30n))).toBeLessThanOrEqual(0)
    }),
  ))

const distance = (a: Rational, b: Rational): Rational => {
  const difference = add(a, { num: -b.num, den: b.den })
  return difference.num < 0n ? { num: -difference.num, den: difference.den } : difference
}

/** Any cut of the window, often at the instant of an event. */
const anyCut = fc.integer({ min: 1, max: 39 }).map((quarter) => START + quarter * 15 * 60_000)

it.each([
  ['sum', 'f'],
  ['count', undefined],
] as const)('half-open: each event is in one of two neighbouring windows, %s', (type, field) =>
  fc.assert(
    fc.property(anySamples, anyCut, (samples, cut) => {
      const cells = cellsOf({ type, field }, samples)
      const of = (start: number, end: number) => meteredGroups({ type, field }, cells, { start, end }).total
      const parts = add(of(START, cut), of(cut, WINDOW.end))
      expect(compare(parts, of(START, WINDOW.end))).toBe(0)
    }),
  ),
)

it.each(['sum', 'max', 'latest', 'avg', 'percentile'] as const)(
  'half-open: an event on the bound is in the later window alone, %s',
  (type) => {
    const metric: Metric = { type, percentile: '0.5' }
    const onTheBound = [sample(10, '7')]
    expect(quantityOf(metric, onTheBound)).toBe('0')
    expect(quantityOf(metric, onTheBound, { start: WINDOW.end, end: WINDOW.end + HOUR })).toBe('7')
  },
)

it.each(['sum', 'unique_count'] as const)('recurring: a window ends where one long window ends, %s', (type) =>
  fc.assert(
    fc.property(anySamples, anyCut, (samples, cut) => {
      const metric: Metric = { type, field: 'f', recurring: true }
      const cells = cellsOf(metric, samples)
      const later = meteredGroups(metric, cells, { start: cut, end: WINDOW.end }).total
      const long = meteredGroups({ ...metric, recurring: false }, cells, { start: 0, end: WINDOW.end }).total
      expect(compare(later, long)).toBe(0)
    }),
  ),
)

it('recurring: the areas below the running sum of two windows are the area of both', () =>
  fc.assert(
    fc.property(anySamples, anyCut, (samples, cut) => {
      const metric: Metric = { type: 'weighted_sum', field: 'f', recurring: true }
      const cells = cellsOf(metric, samples)
      const area = (start: number, end: number) =>
        multiply(meteredGroups(metric, cells, { start, end }).total, rational(BigInt(end - start)))
      const parts = add(area(START, cut), area(cut, WINDOW.end))
      // Each average is off by half of the 30th place at most, and the window has 3.6 x 10^7 milliseconds.
      expect(compare(distance(parts, area(START, WINDOW.end)), decimal('1e-22'))).toBeLessThan(0)
    }),
  ))
