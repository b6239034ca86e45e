import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sum } from '../../src/kernel/rational.ts'
import { formatQuantity, parseQuantity } from '../../src/usage/quantity.ts'
import { QuantitySum } from '../../src/usage/quantity-sum.ts'

const sumOf = (texts: readonly string[]): QuantitySum => {
  const total = new QuantitySum()
  for (const text of texts) total.add(text)
  return total
}

it.each([
  ['nothing', [], '0'],
  ['whole numbers', ['10', '-3'], '7'],
  ['what is no exact number in binary', ['0.1', '0.2'], '0.3'],
  ['other numbers of places', ['0.25', '1.5', '3'], '4.75'],
  ['to a rounder number', ['0.25', '0.75'], '1'],
  ['to nothing', ['1.5', '-1.5'], '0'],
  ['beyond the exact whole numbers', Array(20).fill('999999999999999'), '19999999999999980'],
  [
    'digits that no number holds',
    ['0.000000000000000000000000000001', '1'],
    '1.000000000000000000000000000001',
  ],
])('adds %s', (_, texts, total) => {
  expect(sumOf(texts).text()).toBe(total)
  expect(formatQuantity(sumOf(texts).total())).toBe(total)
})

it('adds as exact fractions do, whenever it is asked', () => {
  const digits = fc
    .constantFrom(3n, 15n, 16n, 40n)
    .chain((length) => fc.bigInt({ min: -(10n ** length), max: 10n ** length }))
  const quantity = fc
    .tuple(digits, fc.nat({ max: 20 }))
    .map(([units, places]) => formatQuantity(parseQuantity(`${units}e-${places}`) ?? { num: 0n, den: 1n }))
  fc.assert(
    fc.property(fc.array(quantity), fc.array(quantity), (before, after) => {
      const total = sumOf(before)
      total.total()
      for (const text of after) total.add(text)
      const exact = formatQuantity(sum([...before, ...after].map((text) => parseQuantity(text)!)))
      expect(total.text()).toBe(exact)
      expect(formatQuantity(total.total())).toBe(exact)
    }),
  )
})
