import fc from 'fast-check'
import { expect, it } from 'vitest'
import { apportion } from '../../src/kernel/apportion.ts'
import { sum } from '../../src/kernel/money.ts'
import { decimal, rational, roundToInteger, sum as sumExact } from '../../src/kernel/rational.ts'

it.each([
  // Floors 33 + 33 + 33 = 99; the unit that is missing goes to 33.4.
  { total: 100n, exact: ['33.3', '33.3', '33.4'], parts: [33n, 33n, 34n] },
  // Equal remainders: the earlier place.
  { total: 1n, exact: ['0.5', '0.5'], parts: [1n, 0n] },
  // Floors −6 + 3 = −3; −5.5 and 3.5 add up to −2, and the first of the equal remainders gets the unit.
  { total: -2n, exact: ['-5.5', '3.5'], parts: [-5n, 3n] },
  { total: 0n, exact: [], parts: [] },
])('apportions $total over $exact', ({ total, exact, parts }) => {
  expect(apportion(total, exact.map(decimal))).toEqual(parts)
})

it('adds up to the rounded sum and moves no part by a whole unit', () => {
  const part = fc
    .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 997n }))
    .map(([num, den]) => rational(num, den))
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (exact) => {
      const total = roundToInteger(sumExact(exact))
      const parts = apportion(total, exact)
      expect(sum(parts)).toBe(total)
      for (const [place, { num, den }] of exact.entries()) {
        const moved = parts[place]! * den - num
        expect(moved < den && moved > -den).toBe(true)
      }
    }),
  )
})
