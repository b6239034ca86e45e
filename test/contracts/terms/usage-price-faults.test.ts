import { describe, expect, it } from 'vitest'
import type { Metric } from '../../../src/catalog/metric.ts'
import type { ContractProduct, ContractTerms } from '../../../src/contracts/contract.ts'
import { faultsOfTerms } from '../../../src/contracts/terms/faults.ts'
import { percentage, unit, volume } from '../../rating/prices.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'

const faults = (product: ContractProduct, metric: Metric, terms: Partial<ContractTerms> = {}) =>
  faultsOfTerms(termsOf([product], terms), new Map([['calls', { kind: 'usage', metric }]])).map(
    ({ path, message }) => `${path.replace('products.0.', '')}: ${message}`,
  )

describe('hours or days priced alone', () => {
  const daily = (more: Partial<ContractProduct> = {}) => sold('calls', unit('1'), { bucket: 'day', ...more })
  const hourly = daily({ bucket: 'hour' })

  it.each(['sum', 'count', 'max', 'min', 'avg', 'latest', 'unique_count', 'weighted_sum'] as const)(
    'can be measured by %s',
    (type) => {
      expect(faults(hourly, { type })).toEqual([])
    },
  )

  it.each([
    {
      name: 'what carries over',
      product: daily(),
      metric: { type: 'sum', recurring: true },
      says: 'bucket: needs a metric that begins with each bucket, not a recurring one',
    },
    {
      name: 'groups',
      product: daily(),
      metric: { type: 'max', group_by: ['region'] },
      says: 'bucket: cannot be told by group_by too: a cycle would have parts without number',
    },
    {
      name: 'a price of the whole',
      product: daily({ model: percentage('2') }),
      metric: { type: 'sum' },
      says: 'bucket: a percentage price is that of the whole cycle',
    },
    {
      name: 'tiers that go on',
      product: daily({ accumulate: 'contract' }),
      metric: { type: 'sum' },
      says: 'bucket: begins its tiers with each bucket, so they do not accumulate',
    },
    {
      name: 'hours of more than a year',
      product: hourly,
      metric: { type: 'max' },
      terms: { billing_cycle: { unit: 'YEARLY', cycle: 2 } },
      says: 'bucket: hours are priced in cycles of up to a year',
    },
  ] as const)('cannot be had of $name', ({ product, metric, says, ...more }) => {
    expect(faults(product, metric as unknown as Metric, 'terms' in more ? more.terms : {})).toEqual([says])
  })

  it('are of usage alone', () => {
    const terms = termsOf([
      sold('calls', { type: 'flat', amount: '1', term: 'in_advance' }, { bucket: 'day' }),
    ])
    const seats = new Map([['calls', { kind: 'recurring' as const, metric: null }]])
    expect(faultsOfTerms(terms, seats).map(({ message }) => message)).toEqual(['is for usage'])
  })
})

describe('usage that is charged as it happens', () => {
  const advance = (more: Partial<ContractProduct> = {}) =>
    sold('calls', unit('1'), { bill: 'advance', ...more })

  it.each<{ name: string; product: ContractProduct; metric: Metric; faults: number }>([
    { name: 'a sum', product: advance(), metric: { type: 'sum' }, faults: 0 },
    { name: 'distinct values', product: advance(), metric: { type: 'unique_count' }, faults: 0 },
    { name: 'an average falls', product: advance(), metric: { type: 'avg' }, faults: 1 },
    { name: 'a carried sum', product: advance(), metric: { type: 'sum', recurring: true }, faults: 1 },
    {
      name: 'volume tiers',
      product: advance({ model: volume(['15', '10'], [null, '5']) }),
      metric: { type: 'sum' },
      faults: 1,
    },
    {
      name: 'tiers that go on',
      product: advance({ accumulate: 'contract' }),
      metric: { type: 'sum' },
      faults: 1,
    },
    {
      name: 'a mirrored price',
      product: advance({ modifiers: { negative_usage: 'mirror' } }),
      metric: { type: 'sum' },
      faults: 1,
    },
  ])('$name: $faults', ({ product, metric, faults: count }) => {
    const found = faults(product, metric)
    expect(found.filter((text) => text.startsWith('bill: '))).toHaveLength(count)
  })
})

describe('a price that looks at single events', () => {
  const each = sold('calls', percentage('1', { fixed_per_event: '0.30' }))

  it.each([
    { metric: { type: 'sum' }, isFit: true },
    { metric: { type: 'sum', field: 'amount', filter: { paid: ['true'] } }, isFit: true },
    { metric: { type: 'sum', group_by: ['region'] }, isFit: false },
    { metric: { type: 'sum', recurring: true }, isFit: false },
    { metric: { type: 'sum', rounding: { function: 'ceil', places: 0 } }, isFit: false },
    { metric: { type: 'max' }, isFit: false },
    { metric: { type: 'count' }, isFit: false },
  ] as const)('with $metric: $isFit', ({ metric, isFit }) => {
    expect(faults(each, metric as unknown as Metric)).toHaveLength(isFit ? 0 : 1)
  })

  it('has no tiers that go on through the contract', () => {
    expect(faults({ ...each, accumulate: 'contract' }, { type: 'sum' })).toEqual([
      'accumulate: a percentage price has no tiers that go on from one cycle to the next',
    ])
  })
})
