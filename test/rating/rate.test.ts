import { describe, expect, it } from 'vitest'
import type { Price, PriceModel } from '../../src/catalog/price.ts'
import { decimal, formatDecimal } from '../../src/kernel/rational.ts'
import { rate } from '../../src/rating/rate.ts'
import { ofQuantity, type RatedUsage } from '../../src/rating/rated-usage.ts'
import {
  blocks,
  events,
  flat,
  graduated,
  graduatedPercentage,
  packages,
  percentage,
  unit,
  volume,
} from './prices.ts'

const amountOf = (price: Price, usage: RatedUsage | string): string =>
  formatDecimal(rate(price, typeof usage === 'string' ? ofQuantity(decimal(usage)) : usage).amount)

const calls = graduated(['100', '0.10'], ['1000', '0.05'], [null, '0.01'])
const withFees = graduated(['100', '0.10', '5'], ['1000', '0.05', '20'], [null, '0.01'])
const bulk = volume(['15', '10'], [null, '5'])

describe('models that price a quantity', () => {
  it.each<{ name: string; model: PriceModel; quantity: string; amount: string }>([
    { name: 'flat: one', model: flat('49.90'), quantity: '1', amount: '49.9' },
    { name: 'flat: 12 seats × 49.90', model: flat('49.90'), quantity: '12', amount: '598.8' },

    { name: 'unit: 0.000001 × 1,000,000', model: unit('0.000001'), quantity: '1000000', amount: '1' },
    { name: 'unit: 0.00123 × 13', model: unit('0.00123'), quantity: '13', amount: '0.01599' },
    {
      name: 'unit: every digit of 123.4567890123456789 × 1',
      model: unit('1'),
      quantity: '123.4567890123456789',
      amount: '123.4567890123456789',
    },
    { name: 'unit: nothing used', model: unit('2'), quantity: '0', amount: '0' },
    { name: 'unit: more taken back than used', model: unit('2'), quantity: '-3', amount: '0' },

    { name: 'package: ⌈1.7⌉ × 5', model: packages('10', '5'), quantity: '17', amount: '10' },
    { name: 'package: 20 / 10 is 2', model: packages('10', '5'), quantity: '20', amount: '10' },
    { name: 'package: nothing used', model: packages('10', '5'), quantity: '0', amount: '0' },
    {
      name: 'package: included units come off first, ⌈(17 − 8) / 10⌉ × 5',
      model: packages('10', '5', { included_quantity: '8' }),
      quantity: '17',
      amount: '5',
    },
    {
      name: 'package: less than is included',
      model: packages('10', '5', { included_quantity: '8' }),
      quantity: '7',
      amount: '0',
    },
    {
      name: 'package: rounded down, ⌊1.7⌋ × 5',
      model: packages('10', '5', { rounding: 'down' }),
      quantity: '17',
      amount: '5',
    },
    { name: 'package: decimal size, ⌈1 / 0.3⌉ × 2', model: packages('0.3', '2'), quantity: '1', amount: '8' },

    { name: 'graduated: inside the first tier, 40 × 0.10', model: calls, quantity: '40', amount: '4' },
    { name: 'graduated: on the bound, 100 × 0.10', model: calls, quantity: '100', amount: '10' },
    { name: 'graduated: 10 + 0.5 × 0.05', model: calls, quantity: '100.5', amount: '10.025' },
    { name: 'graduated: 10 + 900 × 0.05 + 4000 × 0.01', model: calls, quantity: '5000', amount: '95' },
    { name: 'graduated: no usage, the first flat amount', model: withFees, quantity: '0', amount: '5' },
    { name: 'graduated: on the bound, 10 + 5', model: withFees, quantity: '100', amount: '15' },
    { name: 'graduated: above it, 15 + 0.05 + 20', model: withFees, quantity: '101', amount: '35.05' },
    { name: 'graduated: one open tier, 7 × 3', model: graduated([null, '3']), quantity: '7', amount: '21' },

    { name: 'volume: 15 × 10', model: bulk, quantity: '15', amount: '150' },
    { name: 'volume: one more costs less, 16 × 5', model: bulk, quantity: '16', amount: '80' },
    { name: 'volume: 15.5 lies in the second tier, 15.5 × 5', model: bulk, quantity: '15.5', amount: '77.5' },
    {
      name: 'volume: no usage, the first flat amount',
      model: volume(['10', '1', '7'], [null, '1', '3']),
      quantity: '0',
      amount: '7',
    },
    {
      name: 'volume: only the flat amount of its own tier, 11 × 1 + 3',
      model: volume(['10', '1', '7'], [null, '1', '3']),
      quantity: '11',
      amount: '14',
    },

    {
      name: 'graduated percentage: 1000 × 2 % + 500 × 1 %',
      model: graduatedPercentage(['1000', '2'], [null, '1']),
      quantity: '1500',
      amount: '25',
    },
    {
      name: 'graduated percentage: flat amounts on entry, 20 + 4 + 0.01 + 6',
      model: graduatedPercentage(['1000', '2', '4'], [null, '1', '6']),
      quantity: '1001',
      amount: '30.01',
    },
    {
      name: 'graduated percentage: no amount, the first flat amount',
      model: graduatedPercentage(['1000', '2', '4'], [null, '1', '6']),
      quantity: '0',
      amount: '4',
    },

    {
      name: 'blocks graduated: 2 × 5 + ⌈1300 / 1000⌉ × 30',
      model: blocks('graduated', ['100', '2', '5'], ['1000', null, '30']),
      quantity: '1500',
      amount: '70',
    },
    {
      name: 'blocks graduated: within the first tier, ⌈150 / 100⌉ × 5',
      model: blocks('graduated', ['100', '2', '5'], ['1000', null, '30']),
      quantity: '150',
      amount: '10',
    },
    {
      name: 'blocks by volume: all in blocks of the tier reached, ⌈1500 / 1000⌉ × 30',
      model: blocks('volume', ['100', '2', '5'], ['1000', null, '30']),
      quantity: '1500',
      amount: '60',
    },
    {
      name: 'blocks by volume: on the bound of the first tier, 2 × 5',
      model: blocks('volume', ['100', '2', '5'], ['1000', null, '30']),
      quantity: '200',
      amount: '10',
    },
    {
      name: 'blocks of size 1 are an ordinary tier: 100 × 0.10 + 50 × 0.05',
      model: blocks('graduated', ['1', '100', '0.10'], ['1', null, '0.05']),
      quantity: '150',
      amount: '12.5',
    },
    {
      name: 'blocks: the last tier takes all that is left, 2 × 5 + 13 × 30',
      model: blocks('graduated', ['100', '2', '5'], ['100', '1', '30']),
      quantity: '1500',
      amount: '400',
    },
    {
      name: 'blocks: nothing used',
      model: blocks('graduated', ['100', null, '5']),
      quantity: '0',
      amount: '0',
    },

    {
      name: 'event amounts of a mere sum',
      model: { type: 'event_amounts', multiplier: '1' },
      quantity: '9.12',
      amount: '9.12',
    },
  ])('$name = $amount', ({ model, quantity, amount }) => {
    expect(amountOf({ model }, quantity)).toBe(amount)
  })

  it('shows the arithmetic of each tier', () => {
    const { detail } = rate({ model: withFees }, ofQuantity(decimal('150')))
    const rows = detail.map((row) => [
      row.description,
      formatDecimal(row.quantity),
      formatDecimal(row.unitAmount),
      formatDecimal(row.amount),
    ])
    expect(rows).toEqual([
      ['Up to 100', '100', '0.1', '10'],
      ['Up to 100, flat fee', '1', '5', '5'],
      ['Over 100 up to 1,000', '50', '0.05', '2.5'],
      ['Over 100 up to 1,000, flat fee', '1', '20', '20'],
    ])
  })

  it('prices each bucket alone', () => {
    // ⌈50/100⌉ + ⌈150/100⌉ + ⌈200/100⌉ + ⌈99/100⌉ = 1 + 2 + 2 + 1 = 6 packages of 5.
    const buckets = ['50', '150', '200', '99'].map(decimal)
    const { amount, detail } = rate({ model: packages('100', '5') }, { quantity: decimal('499'), buckets })
    expect(formatDecimal(amount)).toBe('30')
    expect(detail.map((row) => formatDecimal(row.quantity))).toEqual(['6'])
  })

  it('prices each group alone', () => {
    // eu: 100 × 0.10 + 20 × 0.05 = 11; us: 50 × 0.10 = 5. Together they would be 10 + 70 × 0.05 = 13.50.
    const groups = [
      { group: { region: 'eu' }, quantity: decimal('120') },
      { group: { region: null }, quantity: decimal('50') },
    ]
    expect(amountOf({ model: calls }, { quantity: decimal('170'), groups })).toBe('16')
  })
})

describe('prices on the amounts of events', () => {
  const bounded = percentage('2.99', { min_per_event: '1.75', max_per_event: '12' })
  const free = percentage('1.3', { fixed_per_event: '2', free_events: '3', free_amount: '250' })
  it.each<{ name: string; model: PriceModel; amounts: string[]; amount: string }>([
    {
      // 50 and 100 are free; 250 crosses 250 by 150. (800 − 250) × 1.3 % + 2 × 2 = 7.15 + 4
      name: 'the free amount ends first',
      model: free,
      amounts: ['50', '100', '250', '400'],
      amount: '11.15',
    },
    // 10, 20 and 30 are free; 100 × 1.3 % + 2
    { name: 'the free events end first', model: free, amounts: ['10', '20', '30', '100'], amount: '3.3' },
    { name: 'exactly the free amount is free', model: free, amounts: ['250'], amount: '0' },
    {
      // 100 × 1 % − free 50: (100 − 50) × 1 %
      name: 'only an amount is free',
      model: percentage('1', { free_amount: '50' }),
      amounts: ['100'],
      amount: '0.5',
    },
    // max(0.299, 1.75) + 2.392 + min(299, 12)
    { name: 'bounds for each event', model: bounded, amounts: ['10', '80', '10000'], amount: '16.142' },
    { name: 'no event', model: bounded, amounts: [], amount: '0' },
    { name: 'a negative amount bills nothing', model: bounded, amounts: ['-10'], amount: '0' },
    // 2 × (100 × 2 % + 0.25)
    {
      name: 'a fixed fee for each',
      model: percentage('2', { fixed_per_event: '0.25' }),
      amounts: ['100', '100'],
      amount: '4.5',
    },
    {
      name: 'event amounts are summed exactly: 0.101 + 9.019',
      model: { type: 'event_amounts', multiplier: '1' },
      amounts: ['0.101', '9.019'],
      amount: '9.12',
    },
    {
      name: 'event amounts in minor units: 1,234.56 × 0.01',
      model: { type: 'event_amounts', multiplier: '0.01' },
      amounts: ['1234.56'],
      amount: '12.3456',
    },
    {
      name: 'graduated percentage of the sum: 1000 × 2 % + 500 × 1 %',
      model: graduatedPercentage(['1000', '2'], [null, '1']),
      amounts: ['900', '600'],
      amount: '25',
    },
  ])('$name = $amount', ({ model, amounts, amount }) => {
    expect(amountOf({ model }, events(...amounts))).toBe(amount)
  })
})

describe('matrix', () => {
  const model: PriceModel = {
    type: 'matrix',
    rows: [
      { name: 'Europe', match: { region: ['eu'] }, unit_amount: '2' },
      { name: 'Europe, GPU', match: { region: ['eu'], kind: ['gpu'] }, unit_amount: '5' },
      { name: 'Any kind anywhere', match: { region: '*', kind: '*' }, unit_amount: '3' },
      { name: 'Two regions', match: { region: ['us', 'eu'] }, unit_amount: '7' },
    ],
    default_unit_amount: '1',
  }
  const usage = (properties: Record<string, string | null>, quantity = '1'): RatedUsage => ({
    quantity: decimal(quantity),
    events: [{ quantity: decimal(quantity), properties }],
  })

  it.each<{ name: string; properties: Record<string, string | null>; amount: string }>([
    { name: 'one value', properties: { region: 'eu' }, amount: '2' },
    {
      name: 'all that match, the most specific wins',
      properties: { region: 'eu', kind: 'gpu' },
      amount: '5',
    },
    { name: 'two dimensions before one', properties: { region: 'eu', kind: 'cpu' }, amount: '3' },
    { name: 'the shorter list of values wins', properties: { region: 'us' }, amount: '7' },
    { name: 'no row', properties: { region: 'ap' }, amount: '1' },
    { name: 'a missing value matches no row, not even *', properties: { kind: 'gpu' }, amount: '1' },
    { name: 'null is a missing value', properties: { region: null, kind: 'gpu' }, amount: '1' },
    { name: 'a name that every object has', properties: { constructor: 'eu' }, amount: '1' },
  ])('$name: $amount', ({ properties, amount }) => {
    expect(amountOf({ model }, usage(properties))).toBe(amount)
  })

  it('counts each event once, in one row', () => {
    // eu 10 × 2 + eu with gpu 3 × 5 + other 4 × 1
    const single = [
      { quantity: decimal('10'), properties: { region: 'eu' } },
      { quantity: decimal('3'), properties: { region: 'eu', kind: 'gpu' } },
      { quantity: decimal('4'), properties: {} },
    ]
    const { amount, detail } = rate({ model }, { quantity: decimal('17'), events: single })
    expect(formatDecimal(amount)).toBe('39')
    expect(detail.map((row) => [row.description, formatDecimal(row.quantity)])).toEqual([
      ['Europe', '10'],
      ['Europe, GPU', '3'],
      ['All other', '4'],
    ])
  })

  it('judges the minimum on the sum of its rows', () => {
    // 2 × 2 + 1 × 1 = 5, at least 8
    const groups = [
      { group: { region: 'eu' }, quantity: decimal('2') },
      { group: { region: null }, quantity: decimal('1') },
    ]
    const price = { model, modifiers: { minimum_amount: '8' } }
    expect(amountOf(price, { quantity: decimal('3'), groups })).toBe('8')
  })
})

describe('capacity', () => {
  const model: PriceModel = {
    type: 'capacity',
    tiers: [
      { limits: { users: '10', gb: '5' }, amount: '50' },
      { limits: { users: '50', gb: '500' }, amount: '200' },
      { limits: { gb: null }, amount: '900' },
    ],
  }
  const peaks = (...rows: [unit: string, peak: string][]): RatedUsage => ({
    quantity: decimal('0'),
    events: rows.map(([unitName, peak]) => ({ quantity: decimal(peak), properties: { unit: unitName } })),
  })
  it.each([
    { name: 'nothing used, the first tier', usage: peaks(), amount: '50' },
    { name: 'on the limits', usage: peaks(['users', '10'], ['gb', '5']), amount: '50' },
    { name: 'the highest tier any unit needs', usage: peaks(['users', '4'], ['gb', '80']), amount: '200' },
    { name: 'the peak counts, not the sum', usage: peaks(['users', '8'], ['users', '9']), amount: '50' },
    { name: 'above all limits, the last tier', usage: peaks(['users', '51']), amount: '900' },
    { name: 'a unit that no tier names', usage: peaks(['seats', '51']), amount: '50' },
    { name: 'one quantity is that of every unit', usage: ofQuantity(decimal('6')), amount: '200' },
  ])('$name: $amount', ({ usage, amount }) => {
    expect(amountOf({ model }, usage)).toBe(amount)
  })
})
