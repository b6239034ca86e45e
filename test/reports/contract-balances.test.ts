import { describe, expect, it } from 'vitest'
import {
  contractBalancesOf,
  contractKey,
  deferredOf,
  type ProductPosition,
  unbilledOf,
} from '../../src/reports/contract-balances.ts'

const position = (fields: Partial<ProductPosition>): ProductPosition => ({
  entityRef: 'seller',
  contractRef: 'k',
  customerRef: 'acme',
  productRef: 'seats',
  currency: 'USD',
  net: 0n,
  unconditional: false,
  ...fields,
})

const usage = (net: bigint, fields: Partial<ProductPosition> = {}) =>
  position({ productRef: 'calls', unconditional: true, net, ...fields })

const figures = (row: Record<string, string>) =>
  [row.contract_liability, row.contract_asset, row.unbilled, row.net].join(' ')

describe('contractBalancesOf', () => {
  it.each([
    ['a fee in advance is a liability', [position({ net: 900_00n })], '900.00 0.00 0.00 900.00'],
    ['usage waits for its invoice', [usage(-300_00n)], '0.00 0.00 300.00 -300.00'],
    ['a fee in arrears is an asset', [position({ net: -200_00n })], '0.00 200.00 0.00 -200.00'],
    // -300 - 200 = -500, of which 300 only wait for time.
    ['both', [usage(-300_00n), position({ net: -200_00n })], '0.00 200.00 300.00 -500.00'],
    // 100 - 300 = -200: all of it is usage, since the advance is set off first.
    [
      'an advance is set off within the contract',
      [usage(-300_00n), position({ net: 100_00n })],
      '0.00 0.00 200.00 -200.00',
    ],
    [
      'an advance may take all of it',
      [usage(-300_00n), position({ net: 1000_00n })],
      '700.00 0.00 0.00 700.00',
    ],
  ])('%s', (_, positions, expected) => {
    expect(contractBalancesOf(positions, new Map()).rows.map(figures)).toEqual([expected])
  })

  it('never nets contracts, and ties their sum to the account', () => {
    // Liability 100, unbilled 40: the account holds 60 in credit.
    const positions = [position({ net: 100_00n }), usage(-40_00n, { contractRef: 'other' })]
    const report = contractBalancesOf(positions, new Map([['USD', 60_00n]]))
    expect(report.totals.map(figures)).toEqual(['100.00 0.00 40.00 60.00'])
    expect(report.tied).toBe(true)
    expect(contractBalancesOf(positions, new Map([['USD', 61_00n]])).tied).toBe(false)
    expect(contractBalancesOf([], new Map([['EUR', 1n]])).tied).toBe(false)
  })

  it('leaves out what is square, and keeps currencies and sellers apart', () => {
    const report = contractBalancesOf(
      [
        usage(-5n),
        position({ net: 5n }),
        position({ contractRef: 'yen', currency: 'JPY', net: 5n }),
        position({ contractRef: 'yen', currency: 'JPY', net: 7n, entityRef: 'other' }),
      ],
      new Map([['JPY', 12n]]),
    )
    expect(report.rows.map((row) => [row.entity_ref, row.contract_liability])).toEqual([
      ['seller', '5'],
      ['other', '7'],
    ])
    expect(report.tied).toBe(true)
  })
})

describe('unbilledOf', () => {
  it('shows what accrued, what was billed ahead, and what is left of it', () => {
    const { rows, totals } = unbilledOf([
      usage(-300_00n),
      position({ net: 100_00n }),
      position({ contractRef: 'fees', net: -50_00n }),
      usage(-20_00n, { contractRef: 'plain' }),
    ])
    expect(rows.map((row) => [row.contract_ref, row.accrued, row.billed_ahead, row.unbilled])).toEqual([
      ['k', '300.00', '-100.00', '200.00'],
      ['plain', '20.00', '0.00', '20.00'],
    ])
    expect(totals).toEqual([
      { currency: 'USD', accrued: '320.00', billed_ahead: '-100.00', unbilled: '220.00' },
    ])
  })
})

describe('deferredOf', () => {
  it.each([
    // 900 owed, of which 300 are for days after the next twelve months.
    [900_00n, 300_00n, ['600.00', '300.00', '900.00']],
    // No more is owed later than at all: usage was set off.
    [200_00n, 300_00n, ['0.00', '200.00', '200.00']],
    // A credit for later days lowers nothing of today.
    [200_00n, -50_00n, ['200.00', '0.00', '200.00']],
  ])('splits %d with %d later', (net, later, expected) => {
    const own = position({ net })
    const { rows } = deferredOf([own], new Map([[contractKey(own), later]]))
    expect(rows.map((row) => [row.current, row.non_current, row.contract_liability])).toEqual([expected])
  })

  it('has no row for a contract that owes nothing', () => {
    expect(deferredOf([usage(-1n)], new Map()).rows).toEqual([])
  })
})
