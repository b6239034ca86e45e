import { describe, expect, it } from 'vitest'
import type { Commitment, ContractProduct, ContractTerms } from '../../src/contracts/contract.ts'
import { type CountedUsage, hasMinimum, openWindows } from '../../src/reports/open-windows.ts'
import { sold, termsOf } from '../support/contract-terms.ts'

const PRODUCTS = new Map([
  ['base', { ref: 'base', name: 'Base', kind: 'recurring' as const, recognition: 'daily' as const }],
  ['calls', { ref: 'calls', name: 'Calls', kind: 'usage' as const, recognition: 'usage' as const }],
])
const base = sold('base', { type: 'flat', amount: '20', term: 'in_advance' })
const calls = sold('calls', { type: 'unit', unit_amount: '0.50' })

const committed = (more: Partial<Commitment>): Commitment => ({
  ...{ amount: '1200', period: 'contract', true_up: true, overage_factor: '1', product_ref: null },
  ...{ start_date: '2026-01-01', end_date: '2027-01-01' },
  ...more,
})

function agreement(
  commitment: Commitment,
  more: Partial<ContractTerms> = {},
  products: ContractProduct[] = [base, calls],
) {
  const terms = termsOf(products, { end_date: '2027-01-01', commitments: [commitment], ...more })
  const contract = {
    ...{ ref: 'deal', number: 'C-1', customerRef: 'acme', entityRef: 'seller', status: 'active' as const },
    ...{ version: 1, terms, nextCycle: 4, nextCloseAt: null, createdAt: 0 },
  }
  return { contract, products: PRODUCTS, rounding: 'half_up' as const }
}

const used = (cycleNo: number, amount: bigint, more: Partial<CountedUsage> = {}): CountedUsage => ({
  ...{ cycleNo, productRef: 'calls', isTrueUp: false, amount },
  ...more,
})
const MARCH = '2026-03-31'
const left = (commitment: Commitment, counted: CountedUsage[] = [], more: Partial<ContractTerms> = {}) =>
  openWindows(agreement(commitment, more), MARCH, counted).map((one) => one.left)

describe('what is left of a minimum commitment', () => {
  it.each<[string, Partial<Commitment>, CountedUsage[], Partial<ContractTerms>, bigint[]]>([
    // 1,200.00 less 12 fees of 20.00.
    ['of the contract, less its fees', {}, [], {}, [960_00n]],
    ['less what is used', {}, [used(1, 30_00n), used(3, 60_00n)], {}, [870_00n]],
    // 150.00 of the shortfall were revenue by the end of March.
    [
      'less what of itself is earned',
      {},
      [used(4, 150_00n, { isTrueUp: true, productRef: 'base' })],
      {},
      [810_00n],
    ],
    ['nothing where it is filled', {}, [used(2, 960_01n)], {}, [0n]],
    // 100.00 a month less 20.00, from April on; what March used fills nothing of April.
    [
      'of each cycle to come',
      { amount: '100', period: 'cycle' },
      [used(3, 70_00n), used(4, 70_00n)],
      {},
      [10_00n, ...Array(8).fill(80_00n)],
    ],
    // The second year ends after 59 of 365 days: 1,200 × 59/365 = 193.97, less 2 fees.
    [
      'of a year that the contract covers in part',
      { period: 'year', end_date: '2027-03-01' },
      [],
      { end_date: '2027-03-01' },
      [960_00n, 153_97n],
    ],
    // 1,000 units at 0.50; fees and other usage do not count.
    [
      'of units',
      { amount: '0', quantity: '1000', product_ref: 'calls' },
      [used(1, 100_00n), used(1, 9_00n, { productRef: 'other' })],
      {},
      [400_00n],
    ],
    // 10 % off: 960.00 × 0.9. The fixed amount is off other lines.
    [
      'as revenue, after discounts',
      {},
      [],
      {
        discounts: [
          { name: 'A', type: 'percent', value: '10', products: null, from: null, until: null, cycles: null },
          { name: 'B', type: 'fixed', value: '5', products: null, from: null, until: null, cycles: null },
        ],
      },
      [864_00n],
    ],
  ])('%s', (_, commitment, counted, more, expected) => {
    expect(left(committed(commitment), counted, more)).toEqual(expected)
  })

  it.each([
    ['a fixed term', committed({}), {}, true],
    ['no end', committed({}), { end_date: null }, false],
    ['notice', committed({}), { termination_notice_days: 30 }, false],
    ['a price beyond it alone', committed({ true_up: false }), {}, false],
  ])('is fixed with %s', (_, commitment, more, expected) => {
    expect(hasMinimum(agreement(commitment, more))).toBe(expected)
  })
})
