import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add } from '../../src/kernel/rational.ts'
import { formatQuantity, parseQuantity, readQuantity } from '../../src/usage/quantity.ts'

const spelled = (text: string) => formatQuantity(parseQuantity(text)!)

describe('reading a quantity', () => {
  it.each([
    ['10', '10'],
    ['10.0', '10'],
    ['1e1', '10'],
    ['-0', '0'],
    ['0.10', '0.1'],
    ['100', '100'],
    ['-12.50', '-12.5'],
    ['1e-7', '0.0000001'],
    [String(1e21), '1000000000000000000000'],
    [String(0.1), '0.1'],
    ['0.000000000000000000000000000001', '0.000000000000000000000000000001'],
    ['12345678901234567890.12345678901234567890', '12345678901234567890.1234567890123456789'],
  ])('%s is %s', (text, shown) => expect(spelled(text)).toBe(shown))

  it.each([
    'NaN',
    'Infinity',
    '',
    ' 1',
    '1,5',
    '0x1',
    '+1',
    String(1e308),
    '1e-31',
    '1e30',
    '-1e30',
    '1'.repeat(31),
  ])('refuses %s', (text) => expect(parseQuantity(text)).toBeUndefined())
})

const anyQuantity = fc
  .tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.nat({ max: 30 }))
  .map(([digits, exponent]) => `${digits}e-${exponent}`)

describe('laws', () => {
  it('what is written reads back as the same quantity', () =>
    fc.assert(
      fc.property(anyQuantity, (text) => {
        const quantity = parseQuantity(text)!
        expect(readQuantity(formatQuantity(quantity))).toEqual(quantity)
      }),
    ))

  it('a running total kept as text is the exact sum, in any order', () =>
    fc.assert(
      fc.property(fc.array(anyQuantity), (texts) => {
        const quantities = texts.map((text) => parseQuantity(text)!)
        const running = (order: typeof quantities) =>
          order.reduce((total, next) => formatQuantity(add(readQuantity(total), next)), '0')
        const exact = quantities.reduce((total, { num }) => total + num, 0n)
        expect(running(quantities)).toBe(formatQuantity({ num: exact, den: 10n ** 30n }))
        expect(running(quantities.toReversed())).toBe(running(quantities))
      }),
    ))
})
