import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  add,
  compare,
  decimal,
  divide,
  formatDecimal,
  multiply,
  parseDecimal,
  type RoundingMode,
  rational,
  roundToInteger,
  roundToPlaces,
  subtract,
} from '../../src/kernel/rational.ts'

const anyDecimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: 0, max: 20 }))
  .map(([num, places]) => rational(num, 10n ** BigInt(places)))

describe('decimal text', () => {
  it.each([
    ['12.50', '12.5'],
    ['-0', '0'],
    ['1e-7', '0.0000001'],
    ['1E+3', '1000'],
    ['0.1', '0.1'],
    ['123456789012345678901234567890.123456789', '123456789012345678901234567890.123456789'],
  ])('%s is read exactly', (text, shown) => expect(formatDecimal(decimal(text))).toBe(shown))

  it.each(['', ' 1', '1.', '.5', 'NaN', 'Infinity', '0x10', '1,5', '1e400', '1'.repeat(61)])(
    '"%s" is no decimal',
    (text) => expect(parseDecimal(text)).toBeUndefined(),
  )

  it('is written and read back without loss', () => {
    fc.assert(fc.property(anyDecimal, (value) => compare(decimal(formatDecimal(value, 40)), value) === 0))
  })

  it('may be longer, once written by ourselves, than what is taken from outside', () => {
    const text = `${'9'.repeat(40)}.${'1'.repeat(30)}`
    expect(formatDecimal(decimal(text))).toBe(text)
  })

  it('of a third is cut, not exact', () =>
    expect(formatDecimal(divide(decimal('1'), decimal('3')), 5)).toBe('0.33333'))
})

describe('arithmetic', () => {
  it('is exact where floats are not: 0.1 + 0.2 = 0.3', () =>
    expect(formatDecimal(add(decimal('0.1'), decimal('0.2')))).toBe('0.3'))

  it('keeps the laws of a field', () => {
    fc.assert(
      fc.property(anyDecimal, anyDecimal, anyDecimal, (a, b, c) => {
        expect(compare(subtract(add(a, b), b), a)).toBe(0)
        expect(compare(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)))).toBe(0)
        if (b.num !== 0n) expect(compare(multiply(divide(a, b), b), a)).toBe(0)
      }),
    )
  })
})

describe('rounding', () => {
  const modes: RoundingMode[] = ['half_up', 'half_even', 'up', 'down', 'ceil', 'floor']
  it.each([
    ['2.5', [3n, 2n, 3n, 2n, 3n, 2n]],
    ['-2.5', [-3n, -2n, -3n, -2n, -2n, -3n]],
    ['3.5', [4n, 4n, 4n, 3n, 4n, 3n]],
    ['2.4999', [2n, 2n, 3n, 2n, 3n, 2n]],
    ['-7', [-7n, -7n, -7n, -7n, -7n, -7n]],
  ] as const)('of %s by half_up, half_even, up, down, ceil, floor', (text, expected) =>
    expect(modes.map((mode) => roundToInteger(decimal(text), mode))).toEqual(expected),
  )

  it.each([
    ['123.456', 2, 'ceil', '123.46'],
    ['123.456', -2, 'ceil', '200'],
    ['123.456', -2, 'floor', '100'],
  ] as const)('of %s to %i places by %s is %s', (text, places, mode, expected) =>
    expect(formatDecimal(roundToPlaces(decimal(text), places, mode))).toBe(expected),
  )

  it('never moves a value by more than half a unit', () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        const difference = subtract(rational(roundToInteger(value)), value)
        expect(
          compare(difference, rational(1n, 2n)) <= 0 && compare(difference, rational(-1n, 2n)) >= 0,
        ).toBe(true)
      }),
    )
  })
})
