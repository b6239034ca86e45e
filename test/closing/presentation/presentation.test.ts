import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foundContracts, type Known } from '../../../src/closing/presentation/found.ts'
import {
  changeOf,
  type Found,
  isNothing,
  NOTHING_FOUND,
  type Presented,
  presentationOf,
} from '../../../src/closing/presentation/presentation.ts'
import { sum } from '../../../src/kernel/money.ts'

const NOWHERE = {
  advances_not_due: 0n,
  unbilled_receivable: 0n,
  contract_asset: 0n,
  deposit_liability: 0n,
  refund_liability: 0n,
}

const CASES: [string, Partial<Found>, Partial<Presented>][] = [
  // 300.00 of usage, 600.00 of a service in arrears, less 400.00 billed ahead for another one.
  [
    'splits a debit into usage and what waits for more than time',
    { net: -50_000n, accrued: 30_000n },
    { unbilled_receivable: 30_000n, contract_asset: 20_000n },
  ],
  [
    'shows no more usage than the contract owes',
    { net: -10_000n, accrued: 30_000n },
    { unbilled_receivable: 10_000n },
  ],
  ['leaves a contract liability where it is', { net: 50_000n, accrued: 30_000n }, {}],
  // Example 38: 1,000.00 are invoiced for a product of March. Case A: the customer can cancel until then.
  [
    'has neither receivable nor liability of an advance that can be cancelled',
    { net: 100_000n, notDue: 100_000n, unpaid: 100_000n },
    { advances_not_due: -100_000n },
  ],
  ['has the liability once it is paid', { net: 100_000n }, {}],
  // Case B: the contract cannot be cancelled, so the right to 1,000.00 is unconditional before they are paid.
  ['has both of an advance that is owed', { net: 100_000n, unpaid: 100_000n }, {}],
  // Example 39: 400.00 for the first product are due when the second one is delivered; then both are invoiced.
  ['has a contract asset while the other product is to come', { net: -40_000n }, { contract_asset: 40_000n }],
  ['has a receivable alone when both are invoiced', { net: 0n, unpaid: 100_000n }, {}],
  // Example 24: 57,500.00 billed, 51,750.00 earned at 90.00 a unit; 5,750.00 go back at the end of the year.
  [
    'has a refund liability of what is expected to go back',
    { net: 575_000n, expectedBack: 575_000n },
    { refund_liability: -575_000n },
  ],
  [
    'owes back no more than was billed ahead of revenue',
    { net: 200_000n, expectedBack: 575_000n },
    { refund_liability: -200_000n },
  ],
  [
    'lowers a contract asset by it, and shows it once',
    { net: -9_000n, expectedBack: 1_000n },
    { contract_asset: 9_000n },
  ],
  // 600.00 of 1,000.00 are paid while there is no contract: the 400.00 are no receivable.
  [
    'has a deposit of what is paid without a contract',
    { net: 100_000n, unpaid: 40_000n, notDue: 10_000n, isContract: false },
    { advances_not_due: -40_000n, deposit_liability: -60_000n },
  ],
  // 200.00 of usage are billed and earned, 1,000.00 of fees are billed; 700.00 of all are open.
  [
    'sets no more aside without a contract than it holds',
    { net: 50_000n, unpaid: 70_000n, isContract: false },
    { advances_not_due: -50_000n },
  ],
  // Without the 900.00 that nobody owes, 1,200.00 of usage stand against 0.00.
  [
    'has usage that an advance which is not due had hidden',
    { net: -30_000n, accrued: 120_000n, notDue: 90_000n },
    { advances_not_due: -90_000n, unbilled_receivable: 120_000n },
  ],
]

describe('a contract position in the balance sheet', () => {
  it.each(CASES)('%s', (_, found, expected) => {
    expect(presentationOf({ ...NOTHING_FOUND, ...found })).toEqual({ ...NOWHERE, ...expected })
  })

  const amountArb = fc.bigInt(0n, 10n ** 9n)
  const foundArb = fc.record({
    net: fc.bigInt(-(10n ** 9n), 10n ** 9n),
    accrued: amountArb,
    notDue: amountArb,
    unpaid: amountArb,
    isContract: fc.boolean(),
    expectedBack: fc.bigInt(-(10n ** 9n), 10n ** 9n),
  })

  it('is what it was before: what is left of the position and what is shown elsewhere', () => {
    fc.assert(
      fc.property(foundArb, (found) => {
        const presented = presentationOf(found)
        const { advances_not_due, unbilled_receivable, contract_asset } = presented
        const left = found.net + sum(Object.values(presented))
        // In debit all of it is shown as an asset; what is left is a contract liability.
        expect(left).toBeGreaterThanOrEqual(0n)
        if (unbilled_receivable + contract_asset > 0n) expect(left).toBe(0n)
        expect(advances_not_due).toBeLessThanOrEqual(0n)
        expect([unbilled_receivable, contract_asset].every((asset) => asset >= 0n)).toBe(true)
        expect(presented.deposit_liability <= 0n && presented.refund_liability <= 0n).toBe(true)
      }),
    )
  })

  it('changes by nothing from itself', () => {
    fc.assert(
      fc.property(foundArb, (found) => {
        expect(isNothing(changeOf(presentationOf(found), presentationOf(found)))).toBe(true)
      }),
    )
  })
})

describe('what a close finds of a contract', () => {
  const position = (primary: bigint, isUsage = false, both = primary) => ({
    currency: 'USD',
    contractRef: 'acme',
    customerRef: 'acme-inc',
    primary,
    both,
    isUsage,
  })
  const known: Known = {
    positions: [position(-30_000n, true), position(-60_000n), position(40_000n)],
    invoices: [],
    billed: [],
    beyond: new Map(),
    judged: new Map(),
    judgedOtherwise: undefined,
  }

  it('nets its products, and counts usage that is on no invoice', () => {
    // Usage 300.00 on no invoice; 1,000.00 earned of which 400.00 are billed; 100.00 earned of 500.00.
    expect(foundContracts(known)).toEqual([
      {
        currency: 'USD',
        contractRef: 'acme',
        customerRef: 'acme-inc',
        found: { primary: { ...NOTHING_FOUND, net: -50_000n, accrued: 30_000n }, both: undefined },
      },
    ])
  })

  const invoice = (id: string, currency: string, billed: bigint, open: bigint) => ({
    id,
    currency,
    contractRef: 'acme',
    billed,
    open,
  })
  const net = (id: string, currency: string, amount: bigint) => ({
    id,
    currency,
    contractRef: 'acme',
    net: amount,
  })

  it('counts of each invoice the part that is not paid', () => {
    const found = foundContracts({
      ...known,
      positions: [position(150_000n)],
      // 1,190.00 with tax, half paid; 500.00 not paid at all; another currency.
      invoices: [
        invoice('i', 'USD', 119_000n, 59_500n),
        invoice('j', 'USD', 50_000n, 50_000n),
        invoice('k', 'EUR', 9_900n, 9_900n),
      ],
      billed: [net('j', 'USD', 50_000n), net('i', 'USD', 100_000n), net('k', 'EUR', 9_900n)],
      beyond: new Map([
        ['i', 90_000n],
        ['k', 9_900n],
      ]),
    })
    // 900.00 / 2; and 1,000.00 / 2 + 500.00.
    expect(found[0]?.found.primary).toMatchObject({ notDue: 45_000n, unpaid: 100_000n })
  })

  it.each([
    // 500.00 of the earlier year are revenue; of the 300.00 after it nothing is.
    { case: 'what is paid is held', early: 20_000n, late: 0n, unpaid: 0n },
    { case: 'what is not paid is not', early: 0n, late: 30_000n, unpaid: 30_000n },
    { case: 'a third is paid', early: 20_000n, late: 20_000n, unpaid: 20_000n },
  ])('takes what is no revenue for the latest invoices: $case', ({ early, late, unpaid }) => {
    const [acme] = foundContracts({
      ...known,
      positions: [position(30_000n)],
      invoices: [invoice('early', 'USD', 50_000n, early), invoice('late', 'USD', 30_000n, late)],
      billed: [net('late', 'USD', 30_000n), net('early', 'USD', 50_000n)],
      judged: new Map([['acme', { isContract: false, expectedBack: 0n }]]),
    })
    expect(acme?.found.primary).toMatchObject({ net: 30_000n, unpaid })
  })

  it('reads both books together where there are two', () => {
    const [acme] = foundContracts({
      ...known,
      positions: [position(10_000n, false, 4_000n)],
      judged: new Map([['acme', { isContract: false, expectedBack: 0n }]]),
      judgedOtherwise: new Map([['acme', { isContract: true, expectedBack: 3_000n }]]),
    })
    expect(acme?.found).toMatchObject({
      primary: { net: 10_000n, isContract: false },
      both: { net: 4_000n, isContract: true, expectedBack: 3_000n },
    })
  })
})
