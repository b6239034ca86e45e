import { describe, expect, it } from 'vitest'
import type { Price, PriceModel, PriceModifiers } from '../../src/catalog/price.ts'
import { toMinor } from '../../src/kernel/money.ts'
import { decimal, formatDecimal, ONE, rational } from '../../src/kernel/rational.ts'
import { billableUsage } from '../../src/rating/billable.ts'
import { rate } from '../../src/rating/rate.ts'
import { ofQuantity } from '../../src/rating/rated-usage.ts'
import { flat, graduated, packages, unit, volume } from './prices.ts'

const thousands = (rounding: 'none' | 'ceil' | 'floor' | 'half_up') =>
  ({ op: 'divide', factor: '1000', rounding }) as const

describe('billable quantity', () => {
  it.each<{ name: string; modifiers: PriceModifiers; quantity: string; billable: string }>([
    { name: 'nothing to do', modifiers: {}, quantity: '7', billable: '7' },
    {
      name: '1400 / 1000',
      modifiers: { unit_conversion: thousands('none') },
      quantity: '1400',
      billable: '1.4',
    },
    { name: '⌈1.4⌉', modifiers: { unit_conversion: thousands('ceil') }, quantity: '1400', billable: '2' },
    { name: '⌊1.4⌋', modifiers: { unit_conversion: thousands('floor') }, quantity: '1400', billable: '1' },
    {
      name: '1.5, half up',
      modifiers: { unit_conversion: thousands('half_up') },
      quantity: '1500',
      billable: '2',
    },
    {
      name: '3 × 60',
      modifiers: { unit_conversion: { op: 'multiply', factor: '60', rounding: 'none' } },
      quantity: '3',
      billable: '180',
    },
    {
      name: 'conversion before the discount: ⌈1.4⌉ − 0.5, not ⌈0.9⌉',
      modifiers: { unit_conversion: thousands('ceil'), usage_discount: '0.5' },
      quantity: '1400',
      billable: '1.5',
    },
    {
      name: 'included and given away: 100 − 30 − 5',
      modifiers: { included_quantity: '30', usage_discount: '5' },
      quantity: '100',
      billable: '65',
    },
    { name: 'never below zero', modifiers: { included_quantity: '30' }, quantity: '20', billable: '0' },
  ])('$name = $billable', ({ modifiers, quantity, billable }) => {
    const usage = billableUsage({ model: unit('1'), modifiers }, ofQuantity(decimal(quantity)))
    expect(formatDecimal(usage.quantity)).toBe(billable)
  })

  it('uses up the included units in the order of the buckets', () => {
    const usage = { quantity: decimal('9'), buckets: ['3', '4', '2'].map(decimal) }
    const { buckets } = billableUsage({ model: unit('1'), modifiers: { included_quantity: '5' } }, usage)
    // 3 − 3, 4 − 2, 2 − 0
    expect(buckets?.map((one) => formatDecimal(one))).toEqual(['0', '2', '2'])
  })
})

const rated = (model: PriceModel, modifiers: PriceModifiers, quantity: string, factor = ONE) =>
  rate({ model, modifiers }, ofQuantity(decimal(quantity)), { factor })

describe('the order of modifiers', () => {
  type Case = {
    name: string
    model?: PriceModel
    modifiers: PriceModifiers
    quantity: string
    gross: string
    discount: string
    topUp: string
    amount: string
  }
  it.each<Case>([
    {
      name: 'an amount, then a percentage: (200 − 20) × 0.9',
      modifiers: { amount_discount: '20', percent_discount: '10' },
      quantity: '20',
      gross: '200',
      discount: '38',
      topUp: '0',
      amount: '162',
    },
    {
      name: 'a percentage, then the maximum: 200 × 0.5 = 100, at most 90',
      modifiers: { percent_discount: '50', maximum_amount: '90' },
      quantity: '20',
      gross: '200',
      discount: '110',
      topUp: '0',
      amount: '90',
    },
    {
      name: 'the maximum is not taken before the percentage: 200 × 0.5, at most 150',
      modifiers: { percent_discount: '50', maximum_amount: '150' },
      quantity: '20',
      gross: '200',
      discount: '100',
      topUp: '0',
      amount: '100',
    },
    {
      name: 'the minimum comes after the discount: 100 × 0.5, at least 80',
      modifiers: { percent_discount: '50', minimum_amount: '80' },
      quantity: '10',
      gross: '100',
      discount: '50',
      topUp: '30',
      amount: '80',
    },
    {
      name: 'the minimum is due without usage',
      modifiers: { minimum_amount: '80' },
      quantity: '0',
      gross: '0',
      discount: '0',
      topUp: '80',
      amount: '80',
    },
    {
      name: 'a discount takes at most what there is',
      modifiers: { amount_discount: '500' },
      quantity: '10',
      gross: '100',
      discount: '100',
      topUp: '0',
      amount: '0',
    },
    {
      name: 'included units, then tiers: 20 of 120 included, 100 × 0.10, so the bounds move up',
      model: graduated(['100', '0.10'], [null, '0.05']),
      modifiers: { included_quantity: '20' },
      quantity: '120',
      gross: '10',
      discount: '0',
      topUp: '0',
      amount: '10',
    },
    {
      name: 'conversion, then packages: ⌈⌈2.1⌉ / 2⌉ × 5',
      model: packages('2', '5'),
      modifiers: { unit_conversion: thousands('ceil') },
      quantity: '2100',
      gross: '10',
      discount: '0',
      topUp: '0',
      amount: '10',
    },
    {
      name: 'units given away, then the volume tier: 16 − 1 = 15 at 10',
      model: volume(['15', '10'], [null, '5']),
      modifiers: { usage_discount: '1' },
      quantity: '16',
      gross: '150',
      discount: '0',
      topUp: '0',
      amount: '150',
    },
  ])('$name = $amount', ({ model = unit('10'), modifiers, quantity, gross, discount, topUp, amount }) => {
    const price = rated(model, modifiers, quantity)
    const figures = [price.gross, price.discount, price.minimumTopUp, price.amount]
    expect(figures.map((one) => formatDecimal(one))).toEqual([gross, discount, topUp, amount])
  })
})

describe('a period that is billed in part', () => {
  const days = (of: bigint, full: bigint) => rational(of, full)

  it('shrinks the minimum: 10 × 25/28 less 8 used = 0.93', () => {
    const { minimumTopUp } = rated(unit('1'), { minimum_amount: '10' }, '8', days(25n, 28n))
    expect(toMinor(minimumTopUp, 'USD')).toBe(93n)
  })

  it('shrinks the maximum too: 31 × 10 at most 31 × 10/31', () => {
    expect(formatDecimal(rated(unit('10'), { maximum_amount: '31' }, '31', days(10n, 31n)).amount)).toBe('10')
  })

  it('keeps both whole where the price says so', () => {
    const limits = { maximum_amount: '31', minimum_amount: '20', prorate_limits: false }
    expect(formatDecimal(rated(unit('10'), limits, '31', days(10n, 31n)).amount)).toBe('31')
    expect(formatDecimal(rated(unit('10'), limits, '1', days(10n, 31n)).amount)).toBe('20')
  })

  it('never shrinks the price of usage', () => {
    expect(formatDecimal(rated(unit('10'), {}, '31', days(10n, 31n)).amount)).toBe('310')
  })

  it('shrinks a fee and its discount: (100 − 10) × 0.9 × 1/2', () => {
    const off = { amount_discount: '10', percent_discount: '10' }
    expect(formatDecimal(rated(flat('100'), off, '1', days(1n, 2n)).amount)).toBe('40.5')
  })
})

describe('options', () => {
  const tiers = graduated(['100', '0.10', '5'], [null, '0.05'])
  const amount = (price: Price, quantity: string) =>
    formatDecimal(rate(price, ofQuantity(decimal(quantity))).amount)

  it('no usage, no fee', () => {
    const price = { model: tiers, modifiers: { skip_zero_usage_flat: true } }
    expect([amount(price, '0'), amount(price, '1')]).toEqual(['0', '5.1'])
  })

  it('mirrors what was taken back: −250 units as +250 would be billed', () => {
    // 100 × 0.10 + 150 × 0.05 = 17.50
    const mirror = graduated(['100', '0.10'], [null, '0.05'])
    expect(amount({ model: mirror, modifiers: { negative_usage: 'mirror' } }, '-250')).toBe('-17.5')
    expect(amount({ model: mirror }, '-250')).toBe('0')
  })
})
