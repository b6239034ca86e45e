import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PriceModel } from '../../src/catalog/price.ts'
import {
  add,
  compare,
  decimal,
  formatDecimal,
  isNegative,
  rational,
  subtract,
  sum,
} from '../../src/kernel/rational.ts'
import { previewRate } from '../../src/rating/preview.ts'
import { ratePrice } from '../../src/rating/rate.ts'

const unit = (unit_amount: string): PriceModel => ({ type: 'unit', unit_amount })
const flat = (amount: string): PriceModel => ({ type: 'flat', amount, term: 'in_advance' })
const graduated = (
  ...tiers: [up_to: string | null, unit_amount: string, flat_amount?: string][]
): PriceModel => ({
  type: 'graduated',
  tiers: tiers.map(([up_to, unit_amount, flat_amount = '0']) => ({ up_to, unit_amount, flat_amount })),
})

const api = graduated(['100', '0.10'], ['1000', '0.05'], [null, '0.01'])
const withFees = graduated(['100', '0.10', '5'], ['1000', '0.05', '20'], [null, '0.01'])

describe('ratePrice', () => {
  it.each([
    {
      name: 'unit: sub-cent prices, 0.000001 × 1,000,000',
      model: unit('0.000001'),
      quantity: '1000000',
      amount: '1',
    },
    { name: 'unit: 0.00123 × 13', model: unit('0.00123'), quantity: '13', amount: '0.01599' },
    { name: 'unit: nothing used', model: unit('2'), quantity: '0', amount: '0' },
    { name: 'unit: more taken back than used', model: unit('2'), quantity: '-3', amount: '0' },
    { name: 'flat: one', model: flat('49.90'), quantity: '1', amount: '49.9' },
    { name: 'flat: 12 seats × 49.90', model: flat('49.90'), quantity: '12', amount: '598.8' },
    { name: 'graduated: inside the first tier, 40 × 0.10', model: api, quantity: '40', amount: '4' },
    { name: 'graduated: on the bound, still 100 × 0.10', model: api, quantity: '100', amount: '10' },
    {
      name: 'graduated: just above, 100 × 0.10 + 0.5 × 0.05',
      model: api,
      quantity: '100.5',
      amount: '10.025',
    },
    { name: 'graduated: 10 + 900 × 0.05 + 4000 × 0.01', model: api, quantity: '5000', amount: '95' },
    { name: 'graduated: no usage, the first flat amount alone', model: withFees, quantity: '0', amount: '5' },
    {
      name: 'graduated: on the bound the next flat amount is not due, 10 + 5',
      model: withFees,
      quantity: '100',
      amount: '15',
    },
    { name: 'graduated: above it is, 10 + 5 + 0.05 + 20', model: withFees, quantity: '101', amount: '35.05' },
    {
      name: 'graduated: one open tier is a unit price',
      model: graduated([null, '3']),
      quantity: '7',
      amount: '21',
    },
  ])('$name = $amount', ({ model, quantity, amount }) => {
    expect(formatDecimal(ratePrice(model, decimal(quantity)).amount)).toBe(amount)
  })

  it('tells the arithmetic of each tier', () => {
    const { detail } = ratePrice(withFees, decimal('150'))
    const rows = detail.map((row) => [
      row.description,
      formatDecimal(row.quantity),
      formatDecimal(row.unitAmount),
      formatDecimal(row.amount),
    ])
    expect(rows).toEqual([
      ['Up to 100', '100', '0.1', '10'],
      ['Up to 100, flat fee', '1', '5', '5'],
      ['Over 100 up to 1000', '50', '0.05', '2.5'],
      ['Over 100 up to 1000, flat fee', '1', '20', '20'],
    ])
  })
})

const price = fc.integer({ min: 0, max: 1_000_000 }).map((n) => formatDecimal(rational(BigInt(n), 10_000n)))
const quantity = fc.integer({ min: 0, max: 10_000_000 }).map((n) => rational(BigInt(n), 1000n))
const anyModel: fc.Arbitrary<PriceModel> = fc.oneof(
  price.map(unit),
  price.map(flat),
  fc
    .record({
      bounds: fc.uniqueArray(fc.integer({ min: 1, max: 9000 }), { maxLength: 5 }),
      prices: fc.array(fc.tuple(price, price), { minLength: 6, maxLength: 6 }),
    })
    .map(({ bounds, prices }) => {
      const ups = [...bounds.sort((a, b) => a - b).map(String), null]
      return graduated(...ups.map((up, place): [string | null, string, string] => [up, ...prices[place]!]))
    }),
)

describe('every price', () => {
  it('never falls when the quantity rises', () => {
    fc.assert(
      fc.property(anyModel, quantity, quantity, (model, q, more) => {
        const rise = subtract(ratePrice(model, add(q, more)).amount, ratePrice(model, q).amount)
        expect(isNegative(rise)).toBe(false)
      }),
    )
  })

  it('of a quantity billed in parts is the price of the whole', () => {
    fc.assert(
      fc.property(anyModel, fc.array(quantity, { minLength: 1, maxLength: 6 }), (model, parts) => {
        fc.pre(model.type !== 'flat')
        const lines = parts.map((part, place) => {
          const before = place === 0 ? undefined : { quantity: sum(parts.slice(0, place)) }
          return previewRate({ model, quantity: part, already: before, position: 'single' }).amount
        })
        expect(compare(sum(lines), ratePrice(model, sum(parts)).amount)).toBe(0)
      }),
    )
  })

  it('is the sum of its rows', () => {
    fc.assert(
      fc.property(anyModel, quantity, (model, q) => {
        const { amount, detail } = ratePrice(model, q)
        expect(compare(sum(detail.map((row) => row.amount)), amount)).toBe(0)
      }),
    )
  })
})

/** The rule read literally: walk the tiers and price the units between two bounds. Shares no code with the product. */
const byHand = (
  tiers: { up_to: string | null; unit_amount: string; flat_amount: string }[],
  units: number,
): bigint => {
  let amount = 0n
  let below = 0
  for (const [place, tier] of tiers.entries()) {
    if (place > 0 && units <= below) break
    const top = tier.up_to === null ? units : Math.min(units, Number(tier.up_to))
    amount += BigInt(top - below) * BigInt(Math.round(Number(tier.unit_amount) * 10_000))
    amount += BigInt(Math.round(Number(tier.flat_amount) * 10_000))
    below = top
  }
  return amount
}

it('graduated agrees with the sum worked out tier by tier in whole ten-thousandths', () => {
  fc.assert(
    fc.property(anyModel, fc.integer({ min: 0, max: 20_000 }), (model, units) => {
      fc.pre(model.type === 'graduated')
      if (model.type !== 'graduated') return
      const { amount } = ratePrice(model, rational(BigInt(units)))
      expect(compare(amount, rational(byHand(model.tiers, units), 10_000n))).toBe(0)
    }),
  )
})
