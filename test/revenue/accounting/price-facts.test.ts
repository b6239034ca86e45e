import { describe, expect, it } from 'vitest'
import { Problem } from '../../../src/kernel/problem.ts'
import { acceptFact } from '../../../src/revenue/accounting/accept-fact.ts'
import type { Fact } from '../../../src/revenue/accounting/facts.ts'
import { planContract } from '../../../src/revenue/accounting/plan.ts'
import { accountingContract, allocated, book, fact, fee, monthly, product, ssp, terms } from './contracts.ts'

const seats = product('seats', 'month_even')
const setup = product('setup', 'point_in_time', {}, 'one_time')
const prices = book([ssp('seats', '100'), ssp('setup', '300', 'once')])

/** 12 × 100.00 for the seats and 600.00 for the setup: 1,800.00, where they sell for 1,200.00 and 300.00. */
const signed = terms([fee('seats', '100'), fee('setup', '600')])
const deal = (...facts: Fact[]) =>
  accountingContract({ products: [seats, setup], versions: [signed], books: [prices], facts })

const payable = (date: string, amount: string, fair_value_received?: string) =>
  fact(date, { kind: 'payable', key: 'joint campaign', amount, fair_value_received })

describe('an amount payable to the customer', () => {
  it('is a cut of the price, as far as nothing is had for it', () => {
    // 150.00 for advertising that is worth 50.00: 1,800 − 100 = 1,700; × 1,200 / 1,500 and × 300 / 1,500.
    const contract = deal(payable('2026-01-01', '150', '50'))
    expect(allocated(contract)).toEqual({ seats: 136_000n, setup: 34_000n })
    expect(planContract(contract, 'ASC606').plan.price.payableToCustomer).toBe(10_000n)
  })

  it('that is promised later is taken back at once for service given before', () => {
    // 80.00 of the seats, half of them served; 20.00 of the setup. The seats go on at (1,440 − 80) / 12 = 113.33.
    const contract = deal(payable('2026-07-01', '100'))
    expect(allocated(contract)).toEqual({ seats: 136_000n, setup: 34_000n })
    expect(monthly(contract)).toMatchObject({ '2026-06': 12_000n, '2026-07': -4_000n - 2_000n + 11_333n })
    expect(planContract(contract, 'ASC606').plan.versions).toMatchObject([{ price: 170_000n }])
  })

  it('cannot be worth more than it costs', () => {
    for (const date of ['2026-01-01', '2026-07-01'])
      expect(() => allocated(deal(payable(date, '100', '100.01')))).toThrow(
        expect.objectContaining({ code: 'fair_value_exceeds_payment' }),
      )
  })
})

/** 40% off an expected purchase of 625.00, where anybody gets 10%, used by 80%: 625 × 30% × 80% = 150.00. */
const voucher = (more: object = {}, date = '2026-01-01') =>
  fact(date, {
    kind: 'material_right',
    key: 'voucher',
    product_ref: 'setup',
    option: {
      expected_purchase: '625',
      discount_percent: '40',
      general_discount_percent: '10',
      likelihood_percent: '80',
    },
    expires: '2026-09-30',
    ...more,
  })
const exercise = (date: string) => fact(date, { kind: 'exercise', key: 'voucher' })

describe('a material right', () => {
  it('takes its share of the price, and is revenue when it expires', () => {
    const contract = deal(voucher())
    // 1,800 over 1,200 + 300 + 150 = 1,650: 1,309.09, 327.27 and 163.64.
    expect(allocated(contract)).toEqual({ seats: 130_909n, setup: 32_727n, 'right:voucher': 16_364n })
    expect(monthly(contract, 'right:voucher')).toEqual({ '2026-09': 16_364n })
  })

  it('is revenue on the day that it is used', () => {
    const contract = deal(voucher(), exercise('2026-04-12'))
    expect(monthly(contract, 'right:voucher')).toEqual({ '2026-04': 16_364n })
    const { obligations } = planContract(contract, 'IFRS15')
    expect(obligations.find(({ key }) => key === 'right:voucher')).toMatchObject({
      productRef: 'setup',
      method: 'point_in_time',
      bookedOn: '2026-01-01',
    })
  })
})

describe('taking in a fact', () => {
  const [member] = deal().members
  const group = (...facts: Fact[]) => ({
    ref: 'deal',
    members: [
      {
        row: {
          ref: 'deal',
          entityRef: 'seller',
          customerRef: 'buyer',
          currency: 'USD',
          basis: null,
          basisReason: null,
          products: [],
        },
        versions: member.versions,
      },
    ] as const,
    catalogue: member.products,
    books: [prices],
    facts,
    entity: { rounding: 'half_up' as const, timezone: 'UTC', framework: 'ASC606' as const },
  })

  it.each([
    ['a payable', [], payable('2026-07-01', '100')],
    ['a right', [], voucher()],
    ['the use of a right', [voucher()], exercise('2026-09-30')],
  ])('%s', (_, known, stated) => {
    expect(() => acceptFact(group(...known), stated, 'ASC606')).not.toThrow()
  })

  const GENERAL = { expected_purchase: '625', discount_percent: '10', likelihood_percent: '80' }
  it.each([
    ['a right promised later', [], voucher({}, '2026-03-01'), 'not_promised_with_the_contract'],
    ['a right of no product', [], voucher({ product_ref: 'calls' }), 'product_not_covered'],
    ['a right that is over', [], voucher({ expires: '2025-12-31' }), 'invalid_request'],
    [
      'a discount for anybody',
      [],
      voucher({ option: { ...GENERAL, general_discount_percent: '10' } }),
      'no_material_right',
    ],
    ['the use of none', [], exercise('2026-04-12'), 'material_right_unknown'],
    ['the use of one that is over', [voucher()], exercise('2026-10-01'), 'not_exercisable'],
  ])('refuses %s', (_, known, stated, code) => {
    expect(() => acceptFact(group(...known), stated, 'ASC606')).toThrow(
      expect.objectContaining({ code, constructor: Problem }),
    )
  })
})
