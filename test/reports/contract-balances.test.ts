import { describe, expect, it } from 'vitest'
import { netOf } from '../../src/closing/presentation/found.ts'
import { NOTHING_FOUND, type Position } from '../../src/closing/presentation/presentation.ts'
import {
  type ContractPosition,
  contractBalancesOf,
  contractKey,
  deferredOf,
  unbilledOf,
} from '../../src/reports/contract-balances.ts'

type Product = Parameters<typeof netOf>[0][number]

const fee = (net: bigint): Product => ({ net, isUsage: false })
const usage = (net: bigint): Product => ({ net, isUsage: true })

const contract = (
  products: Product[],
  { known, ...more }: Partial<ContractPosition> & { known?: Partial<Position> } = {},
): ContractPosition => ({
  entityRef: 'seller',
  contractRefs: ['k'],
  customerRef: 'acme',
  currency: 'USD',
  position: { ...NOTHING_FOUND, ...netOf(products), ...known },
  ...more,
})

const NOTHING_LATER = new Map<string, bigint>()

const figures = (row: Record<string, string>) =>
  [row.contract_liability, row.contract_asset, row.unbilled, row.net].join(' ')

describe('contractBalancesOf', () => {
  it.each([
    ['a fee in advance is a liability', [fee(900_00n)], '900.00 0.00 0.00 900.00'],
    ['usage waits for its invoice', [usage(-300_00n)], '0.00 0.00 300.00 -300.00'],
    ['a fee in arrears is an asset', [fee(-200_00n)], '0.00 200.00 0.00 -200.00'],
    // -300 - 200 = -500, of which 300 only wait for time.
    ['both', [usage(-300_00n), fee(-200_00n)], '0.00 200.00 300.00 -500.00'],
    // 100 - 300 = -200: all of it is usage, since the advance is set off first.
    [
      'an advance is set off within the contract',
      [usage(-300_00n), fee(100_00n)],
      '0.00 0.00 200.00 -200.00',
    ],
    ['an advance may take all of it', [usage(-300_00n), fee(1000_00n)], '700.00 0.00 0.00 700.00'],
  ])('%s', (_, products, expected) => {
    const { rows } = contractBalancesOf([contract(products)], NOTHING_LATER, new Map())
    expect(rows.map(figures)).toEqual([expected])
  })

  it('tells apart what is owed as service, as a deposit, as a refund, and what is not due', () => {
    const row = (net: bigint, known: Partial<Position>) =>
      contractBalancesOf([contract([fee(net)], { known })], NOTHING_LATER, new Map()).rows.map((one) => [
        one.contract_liability,
        one.deposit_liability,
        one.refund_liability,
        one.advances_not_due,
        one.net,
      ])
    // 1,200.00 of which 480.00 are not paid, while the criteria are not met; 120.00 to go back of 1,110.00; 140.00 that
    // the customer can leave.
    expect(row(1_200_00n, { isContract: false, unpaid: 480_00n })).toEqual([
      ['0.00', '720.00', '0.00', '480.00', '1200.00'],
    ])
    expect(row(1_110_00n, { expectedBack: 120_00n })).toEqual([
      ['990.00', '0.00', '120.00', '0.00', '1110.00'],
    ])
    expect(row(310_00n, { notDue: 140_00n })).toEqual([['170.00', '0.00', '0.00', '140.00', '310.00']])
  })

  it('splits the liability of contracts that are one by what is earned within twelve months', () => {
    const one = contract([fee(900_00n)], { contractRefs: ['k', 'l'] })
    const later = new Map(
      ['k', 'l'].map((contractRef) => [contractKey({ contractRef, currency: 'USD' }), 100_00n]),
    )
    expect(contractBalancesOf([one], later, new Map()).rows).toMatchObject([
      { contract_ref: 'k', current: '700.00', non_current: '200.00', contract_liability: '900.00' },
    ])
  })

  it('never nets contracts, and ties their sum to the account', () => {
    // Liability 100, unbilled 40: the account holds 60 in credit.
    const positions = [contract([fee(100_00n)]), contract([usage(-40_00n)], { contractRefs: ['other'] })]
    const tiedTo = (ledger: Map<string, bigint>, all = positions) =>
      contractBalancesOf(all, NOTHING_LATER, ledger)
    const report = tiedTo(new Map([['USD', 60_00n]]))
    expect(report.totals.map(figures)).toEqual(['100.00 0.00 40.00 60.00'])
    expect(report.tied).toBe(true)
    expect(tiedTo(new Map([['USD', 61_00n]])).tied).toBe(false)
    expect(tiedTo(new Map([['EUR', 1n]]), []).tied).toBe(false)
  })

  it('leaves out what is square, and keeps currencies and sellers apart', () => {
    const report = contractBalancesOf(
      [
        contract([usage(-5n), fee(5n)]),
        contract([fee(5n)], { contractRefs: ['yen'], currency: 'JPY' }),
        contract([fee(7n)], { contractRefs: ['yen'], currency: 'JPY', entityRef: 'other' }),
      ],
      NOTHING_LATER,
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
      contract([usage(-300_00n), fee(100_00n)]),
      contract([fee(-50_00n)], { contractRefs: ['fees'] }),
      contract([usage(-20_00n)], { contractRefs: ['plain'] }),
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
    const own = contract([fee(net)])
    const key = contractKey({ contractRef: 'k', currency: 'USD' })
    const { rows } = deferredOf([own], new Map([[key, later]]))
    expect(rows.map((row) => [row.current, row.non_current, row.contract_liability])).toEqual([expected])
  })

  it('has no row for a contract that owes nothing', () => {
    expect(deferredOf([contract([usage(-1n)])], NOTHING_LATER).rows).toEqual([])
  })
})
