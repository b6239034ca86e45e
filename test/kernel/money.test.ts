import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { currencyCodes, currencyDigits } from '../../src/kernel/currency.ts'
import { allocate, displayMoney, formatMoney, parseMoney, toMinor } from '../../src/kernel/money.ts'
import { decimal } from '../../src/kernel/rational.ts'

describe('rounding to the minor unit', () => {
  // Half away from zero, on the currency's own digits.
  it.each([
    ['10.125', 'USD', 1013n],
    ['-10.125', 'USD', -1013n],
    ['0.5', 'JPY', 1n],
    ['-100.5', 'JPY', -101n],
    ['1.2345', 'KWD', 1235n],
    ['1.00005', 'CLF', 10001n],
  ])('%s %s', (amount, currency, minor) => expect(toMinor(decimal(amount), currency)).toBe(minor))

  it('is half-even where the entity has chosen so', () =>
    expect(toMinor(decimal('10.125'), 'USD', 'half_even')).toBe(1012n))
})

describe('money text', () => {
  it.each([
    [105000n, 'USD', '1050.00'],
    [-5n, 'USD', '-0.05'],
    [500n, 'JPY', '500'],
    [1n, 'KWD', '0.001'],
  ])('%s minor units of %s are %s', (minor, currency, text) => {
    expect(formatMoney(minor, currency)).toBe(text)
    expect(parseMoney(text, currency)).toBe(minor)
  })

  it('finer than the minor unit is refused', () => {
    expect(parseMoney('1.005', 'USD')).toBeUndefined()
    expect(parseMoney('1.5', 'JPY')).toBeUndefined()
    expect(parseMoney('1.500', 'USD')).toBe(150n)
  })

  it('for people keeps every digit beyond the reach of a float', () =>
    expect(displayMoney(9007199254740993_01n, 'USD')).toBe('$9,007,199,254,740,993.01'))
})

describe('allocation by largest remainder', () => {
  it.each([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [100n, [333n, 333n, 334n], [33n, 33n, 34n]],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    [5n, [0n, 0n], [3n, 2n]],
    [7n, [], []],
  ])('of %s over %s', (total, weights, parts) => expect(allocate(total, weights)).toEqual(parts))

  it('adds up, gives no zero weight anything, and strays less than one unit from the exact share', () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), weights, (total, shares) => {
        const parts = allocate(total, shares)
        const shareSum = shares.reduce((a, b) => a + b, 0n)
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(total)
        if (shareSum === 0n) return
        parts.forEach((part, place) => {
          const strayed = part * shareSum - total * shares[place]!
          expect(strayed < shareSum && strayed > -shareSum).toBe(true)
        })
      }),
    )
  })
})

describe('currency digits', () => {
  it.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['HUF', 2],
    ['MGA', 2],
    ['XCG', 2],
  ])('%s has %i', (code, digits) => expect(currencyDigits(code)).toBe(digits))

  it('hold currencies of every continent, each once', () => {
    const codes = currencyCodes()
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes).toEqual(
      expect.arrayContaining(['ZAR', 'BRL', 'INR', 'AUD', 'EUR', 'NGN', 'XOF', 'FJD', 'SLE', 'ZWG']),
    )
  })

  it('refuse an unknown code', () => expect(() => currencyDigits('XXX')).toThrow(RangeError))
})
