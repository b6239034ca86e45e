import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Price, PriceModel, PriceModifiers } from '../../src/catalog/price.ts'
import { apportion } from '../../src/kernel/apportion.ts'
import { sum as sumOfMinor, toMinor } from '../../src/kernel/money.ts'
import {
  add,
  compare,
  divide,
  formatDecimal,
  isNegative,
  max,
  multiply,
  type Rational,
  rational,
  subtract,
  sum,
} from '../../src/kernel/rational.ts'
import { rateLine } from '../../src/rating/line.ts'
import { chargeEvent, NOTHING_CHARGED } from '../../src/rating/per-event.ts'
import { rate } from '../../src/rating/rate.ts'
import { ofQuantity } from '../../src/rating/rated-usage.ts'
import { rateSplit } from '../../src/rating/split.ts'
import { blocks, flat, graduated, graduatedPercentage, packages, percentage, unit, volume } from './prices.ts'

const decimals = (most: number, per: bigint) =>
  fc.integer({ min: 0, max: most }).map((n) => formatDecimal(rational(BigInt(n), per)))
const price = decimals(1_000_000, 10_000n)
const size = decimals(500_000, 1000n).filter((text) => text !== '0')
const quantity = fc.integer({ min: 0, max: 10_000_000 }).map((n) => rational(BigInt(n), 1000n))
const change = fc.integer({ min: -2_000_000, max: 5_000_000 }).map((n) => rational(BigInt(n), 1000n))

type Rows = [string | null, string, string][]
const rows: fc.Arbitrary<Rows> = fc
  .record({
    bounds: fc.uniqueArray(fc.integer({ min: 1, max: 9000 }), { maxLength: 5 }),
    prices: fc.array(fc.tuple(price, price), { minLength: 6, maxLength: 6 }),
  })
  .map(({ bounds, prices }) =>
    [...bounds.sort((a, b) => a - b).map(String), null].map((up, place): Rows[number] => [
      up,
      ...prices[place]!,
    ]),
  )
const blockRows = fc.array(fc.tuple(size, size, price), { minLength: 1, maxLength: 4 })

/** The models of which more never costs less, when no price is negative. */
const rising: fc.Arbitrary<PriceModel> = fc.oneof(
  price.map((amount) => unit(amount)),
  price.map((amount) => flat(amount)),
  fc.tuple(size, price, price).map(([of, at, included]) => packages(of, at, { included_quantity: included })),
  rows.map((tiers) => graduated(...tiers)),
  rows.map((tiers) => graduatedPercentage(...tiers)),
  price.map((rate_percent) => percentage(rate_percent)),
  blockRows.map((tiers) => blocks('graduated', ...tiers)),
  price.map((multiplier): PriceModel => ({ type: 'event_amounts', multiplier })),
)
const falling: fc.Arbitrary<PriceModel> = fc.oneof(
  rows.map((tiers) => volume(...tiers)),
  blockRows.map((tiers) => blocks('volume', ...tiers)),
)

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const limits = fc
  .tuple(optional(price), optional(price))
  .map(([a, b]) => (a !== undefined && b !== undefined && Number(a) > Number(b) ? [b, a] : [a, b]))
const modifiers: fc.Arbitrary<PriceModifiers> = fc
  .record({
    unit_conversion: optional(
      fc.record({
        op: fc.constantFrom('multiply' as const, 'divide' as const),
        factor: size,
        rounding: fc.constantFrom('none' as const, 'ceil' as const, 'floor' as const, 'half_up' as const),
      }),
    ),
    usage_discount: optional(price),
    amount_discount: optional(price),
    percent_discount: optional(decimals(100_000, 1000n)),
    limits,
  })
  .map(({ limits: [minimum_amount, maximum_amount], ...rest }) => ({
    ...rest,
    minimum_amount,
    maximum_amount,
  }))

/** A flat price has no units to convert or to give away. */
const pricesOf = (models: fc.Arbitrary<PriceModel>): fc.Arbitrary<Price> =>
  fc
    .record({ model: models, modifiers })
    .map(({ model, modifiers: { unit_conversion, usage_discount, ...rest } }) => ({
      model,
      modifiers: model.type === 'flat' ? rest : { ...rest, unit_conversion, usage_discount },
    }))
const anyPrice = pricesOf(fc.oneof(rising, falling))

const amountOf = (of: Price, units: Rational): Rational => rate(of, ofQuantity(units)).amount
const same = (a: Rational, b: Rational) => expect(formatDecimal(subtract(a, b))).toBe('0')

describe('every price', () => {
  it('billed in parts is the price of the whole, for any split', () => {
    fc.assert(
      fc.property(anyPrice, fc.array(quantity, { minLength: 1, maxLength: 6 }), (of, parts) => {
        const whole = of.model.type === 'flat' ? rational(1n) : sum(parts)
        same(sum(rateSplit(of, parts)), amountOf(of, whole))
      }),
    )
  })

  it('billed again and again ends at the price of the last total, in whatever order usage came', () => {
    fc.assert(
      fc.property(anyPrice, fc.array(change, { minLength: 1, maxLength: 6 }), (of, changes) => {
        fc.pre(of.model.type !== 'flat')
        let total = rational(0n)
        let billed = 0n
        for (const by of changes) {
          const already = { quantity: total, amount: rational(billed, 100n) }
          const line = rateLine({ price: of, usage: ofQuantity(by), already, position: 'single' })
          total = add(total, by)
          billed += toMinor(line.whole.amount, 'USD') - toMinor(line.billed, 'USD')
        }
        expect(billed).toBe(toMinor(amountOf(of, total), 'USD'))
        expect(billed).toBe(toMinor(amountOf(of, sum([...changes].reverse())), 'USD'))
      }),
    )
  })

  it('is the sum of its rows, exactly and as they are shown', () => {
    fc.assert(
      fc.property(anyPrice, quantity, (of, units) => {
        const { amount, detail, gross, discount, minimumTopUp } = rate(of, ofQuantity(units))
        same(sum(detail.map((row) => row.amount)), amount)
        same(add(subtract(gross, discount), minimumTopUp), amount)
        const cents = detail.map((row) => multiply(row.amount, rational(100n)))
        expect(sumOfMinor(apportion(toMinor(amount, 'USD'), cents))).toBe(toMinor(amount, 'USD'))
      }),
    )
  })

  it('lies within its limits, and is never negative', () => {
    fc.assert(
      fc.property(anyPrice, change, (of, units) => {
        const { amount } = rate(of, ofQuantity(units))
        expect(isNegative(amount)).toBe(false)
        const { minimum_amount: least, maximum_amount: most } = of.modifiers ?? {}
        if (least !== undefined) expect(Number(formatDecimal(amount))).toBeGreaterThanOrEqual(Number(least))
        if (most !== undefined) expect(Number(formatDecimal(amount))).toBeLessThanOrEqual(Number(most))
      }),
    )
  })

  it('rounded line by line is off by half a minor unit for each line at most', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyPrice, quantity), { minLength: 1, maxLength: 8 }), (lines) => {
        const amounts = lines.map(([of, units]) => amountOf(of, units))
        const total = rational(sumOfMinor(amounts.map((amount) => toMinor(amount, 'USD'))), 100n)
        const difference = subtract(total, sum(amounts))
        const distance = max(difference, subtract(rational(0n), difference))
        expect(compare(distance, rational(BigInt(lines.length), 200n))).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('charged event by event never bills below the highest total, whatever is taken back', () => {
    fc.assert(
      fc.property(rising, fc.array(change, { minLength: 1, maxLength: 6 }), (model, changes) => {
        let so = NOTHING_CHARGED
        let total = rational(0n)
        let highest = rational(0n)
        const amounts = changes.map((by) => {
          total = add(total, by)
          highest = max(highest, total)
          const { amount, after } = chargeEvent({ model }, so, by)
          so = after
          expect(isNegative(amount)).toBe(false)
          return amount
        })
        same(sum(amounts), amountOf({ model }, highest))
      }),
    )
  })
})

describe('more units', () => {
  it('never cost less where each has its own price', () => {
    fc.assert(
      fc.property(pricesOf(rising), quantity, quantity, (of, units, more) => {
        expect(isNegative(subtract(amountOf(of, add(units, more)), amountOf(of, units)))).toBe(false)
      }),
    )
  })

  it('may cost less by volume: 15 units at 10 are 150, 16 at 5 are 80', () => {
    const model = volume(['15', '10'], [null, '5'])
    expect(compare(amountOf({ model }, rational(16n)), amountOf({ model }, rational(15n)))).toBe(-1)
  })
})

/** The rule read literally: walk the tiers and price the units between two bounds. Shares no code with the product. */
const byHand = (tiers: Rows, units: number): bigint => {
  let amount = 0n
  let below = 0
  for (const [place, [upTo, perUnit, flatAmount]] of tiers.entries()) {
    if (place > 0 && units <= below) break
    const top = upTo === null ? units : Math.min(units, Number(upTo))
    amount += BigInt(top - below) * BigInt(Math.round(Number(perUnit) * 10_000))
    amount += BigInt(Math.round(Number(flatAmount) * 10_000))
    below = top
  }
  return amount
}

it('graduated agrees with the sum worked out tier by tier in whole ten-thousandths', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 20_000 }), (tiers, units) => {
      same(
        amountOf({ model: graduated(...tiers) }, rational(BigInt(units))),
        rational(byHand(tiers, units), 10_000n),
      )
    }),
  )
})

it('packages agree with the whole number of packages that just holds the units', () => {
  fc.assert(
    fc.property(size, quantity, (of, units) => {
      const count = amountOf({ model: packages(of, '1') }, units)
      const held = divide(units, amountOf({ model: unit(of) }, rational(1n)))
      expect(compare(count, held)).toBeGreaterThanOrEqual(0)
      expect(compare(subtract(count, rational(1n)), held)).toBeLessThan(0)
    }),
  )
})
