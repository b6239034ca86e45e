import { describe, expect, it } from 'vitest'
import { toMinor } from '../../src/kernel/money.ts'
import { decimal, formatDecimal, multiply, ONE, rational } from '../../src/kernel/rational.ts'
import { chargeWindows, contractTrueUp, planTrueUp } from '../../src/rating/commitment.ts'

describe('a plan with a minimum commitment', () => {
  it.each([
    // 10,000 × 5/7 − 1,000 × 5/7 = 6,428.571…
    {
      name: '5 of 7 days',
      fees: [multiply(decimal('1000'), rational(5n, 7n))],
      factor: rational(5n, 7n),
      due: 642857n,
    },
    {
      name: 'fees of plan and usage: 10,000 − 1,000 − 2,500.50',
      fees: ['1000', '2500.50'].map(decimal),
      factor: ONE,
      due: 649950n,
    },
    { name: 'more than was committed', fees: [decimal('10000.01')], factor: ONE, due: 0n },
    { name: 'nothing used', fees: [], factor: ONE, due: 1000000n },
  ])('$name', ({ fees, factor, due }) => {
    expect(toMinor(planTrueUp(decimal('10000'), fees, factor), 'USD')).toBe(due)
  })
})

describe('a contract with a commitment', () => {
  const billed = ['300', '450.25', '-20'].map(decimal)
  it.each([
    // 1,000 − (300 + 450.25 − 20) = 269.75
    { name: 'on the last invoice of the term', commitment: '1000', isLast: true, due: '269.75' },
    { name: 'on no invoice before it', commitment: '1000', isLast: false, due: '0' },
    { name: 'nothing back for more', commitment: '700', isLast: true, due: '0' },
  ])('$name: $due', ({ commitment, isLast, due }) => {
    expect(formatDecimal(contractTrueUp(decimal(commitment), billed, isLast))).toBe(due)
  })
})

describe('windows with a commitment', () => {
  // Rate 2, windows of 2 and 8 units: 4 and 16.
  const costs = ['2', '8'].map((units) => multiply(decimal(units), decimal('2')))
  it.each([
    // filled up to 10, and 10 + 6 × 2 = 22
    { hasTrueUp: true, utilized: '14', overage: '12', trueUp: '6', charge: '32' },
    // 4, and 22
    { hasTrueUp: false, utilized: '14', overage: '12', trueUp: '0', charge: '26' },
  ])('true-up $hasTrueUp: $charge', ({ hasTrueUp, ...expected }) => {
    const charged = chargeWindows(costs, {
      commitment: decimal('10'),
      overageFactor: decimal('2'),
      hasTrueUp,
    })
    const figures = Object.entries(charged).map(([name, value]) => [name, formatDecimal(value)])
    expect(Object.fromEntries(figures)).toEqual(expected)
  })

  it('a committed quantity counts at its unit price: 5 units at 2', () => {
    const terms = {
      commitment: multiply(decimal('5'), decimal('2')),
      overageFactor: decimal('2'),
      hasTrueUp: true,
    }
    expect(formatDecimal(chargeWindows(costs, terms).charge)).toBe('32')
  })

  it('a cost on the commitment is neither over nor filled up', () => {
    const terms = { commitment: decimal('4'), overageFactor: decimal('2'), hasTrueUp: true }
    expect(formatDecimal(chargeWindows([decimal('4')], terms).charge)).toBe('4')
  })
})
