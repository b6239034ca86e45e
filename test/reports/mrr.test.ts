import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ContractProduct, ContractTerms } from '../../src/contracts/contract.ts'
import { formatDecimal } from '../../src/kernel/rational.ts'
import { monthlyFees } from '../../src/reports/monthly-fee.ts'
import { MOVEMENTS, mrrOf } from '../../src/reports/mrr.ts'
import { sold, termsOf } from '../support/contract-terms.ts'

const flat = (amount: string, more: Partial<ContractProduct> = {}) =>
  sold('seats', { type: 'flat', amount, term: 'in_advance' }, more)

const subscription = (
  products: ContractProduct[],
  more: Partial<ContractTerms> = {},
  customerRef = 'acme',
) => {
  const terms = termsOf(products, more)
  return { customerRef, currency: terms.currency, terms, recurring: products }
}

describe('monthlyFees', () => {
  const cases: [string, ContractTerms['billing_cycle'], string, string][] = [
    ['a month as it is', { unit: 'MONTHLY', cycle: 1 }, '100', '100'],
    ['two months by two', { unit: 'MONTHLY', cycle: 2 }, '100', '50'],
    ['a quarter by three', { unit: 'QUARTERLY', cycle: 1 }, '90', '30'],
    ['a half-year by six', { unit: 'HALF_YEARLY', cycle: 1 }, '600', '100'],
    ['a year by twelve', { unit: 'YEARLY', cycle: 1 }, '1200', '100'],
    ['three years by 36', { unit: 'YEARLY', cycle: 3 }, '3600', '100'],
    // 365 / 12 days in a month: 12 x 365 / 12 = 365, and by weeks a seventh of it, 84 x 365 / 84 = 365.
    ['a day by 365 / 12', { unit: 'DAILY', cycle: 1 }, '12', '365'],
    ['a week by 365 / 84', { unit: 'WEEKLY', cycle: 1 }, '84', '365'],
    ['two weeks by 365 / 168', { unit: 'WEEKLY', cycle: 2 }, '168', '365'],
  ]
  it.each(cases)('takes %s', (_, billing_cycle, amount, expected) => {
    expect(formatDecimal(monthlyFees(subscription([flat(amount)], { billing_cycle }), '2026-01-31'))).toBe(
      expected,
    )
  })

  it('takes each product by its own cycle', () => {
    // 1,200 a year and 90 a quarter in a contract by months, beside 20 a month: 100 + 30 + 20.
    const products = [
      flat('1200', { billing_cycle: { unit: 'YEARLY', cycle: 1 } }),
      flat('90', { product_ref: 'support', billing_cycle: { unit: 'QUARTERLY', cycle: 1 } }),
      flat('20', { product_ref: 'desk' }),
    ]
    expect(formatDecimal(monthlyFees(subscription(products), '2026-05-20'))).toBe('150')
  })

  it('takes quantity and discount into account, and only what holds on the day', () => {
    const products = [
      // 5 seats at 20 less 10 % = 90 until 1 March, then 6 at 20 = 120.
      sold(
        'seats',
        { type: 'unit', unit_amount: '20' },
        {
          quantity: '5',
          modifiers: { percent_discount: '10' },
          billing_end_date: '2026-03-01',
        },
      ),
      sold('seats', { type: 'unit', unit_amount: '20' }, { quantity: '6', billing_start_date: '2026-03-01' }),
    ]
    const of = (day: string) => formatDecimal(monthlyFees(subscription(products), day))
    expect([of('2025-12-31'), of('2026-02-28'), of('2026-03-01')]).toEqual(['0', '90', '120'])
  })

  it('takes off the percents of the contract that hold on the day, and no fixed amounts', () => {
    const discount = { name: 'Discount', products: null, from: null, until: null, cycles: null }
    const discounts = [
      { ...discount, type: 'percent' as const, value: '50', cycles: 3 },
      { ...discount, type: 'percent' as const, value: '10', products: ['seats'], until: '2026-06-01' },
      { ...discount, type: 'percent' as const, value: '20', products: ['support'] },
      { ...discount, type: 'fixed' as const, value: '7' },
    ]
    // 200 x 0.5 x 0.9 = 90 in the first three months, then 200 x 0.9 = 180 to the end of May, then 200.
    const of = (day: string) => formatDecimal(monthlyFees(subscription([flat('200')], { discounts }), day))
    expect([of('2026-03-31'), of('2026-04-30'), of('2026-06-30')]).toEqual(['90', '180', '200'])
  })
})

describe('mrrOf', () => {
  it('tells new, expansion, contraction, churn and reactivation apart', () => {
    const first = subscription(
      [
        flat('100', {
          ramp: [{ from: '2026-03-10', model: { type: 'flat', amount: '150', term: 'in_advance' } }],
        }),
      ],
      { end_date: '2026-05-01' },
    )
    const second = subscription(
      [flat('60', { billing_end_date: '2026-08-15' }), flat('40', { billing_start_date: '2026-08-15' })],
      { start_date: '2026-07-01', anchor_date: '2026-07-01' },
    )
    const rows = mrrOf([first, second], { from: '2026-01', to: '2026-08' })
    expect(rows.map(({ month, opening, closing }) => [month, opening, closing])).toEqual([
      ['2026-01', '0.00', '100.00'],
      ['2026-02', '100.00', '100.00'],
      ['2026-03', '100.00', '150.00'],
      ['2026-04', '150.00', '150.00'],
      ['2026-05', '150.00', '0.00'],
      ['2026-06', '0.00', '0.00'],
      ['2026-07', '0.00', '60.00'],
      ['2026-08', '60.00', '40.00'],
    ])
    const moved = rows.flatMap((row) =>
      MOVEMENTS.filter((name) => row[name] !== '0.00').map((name) => [row.month, name, row[name]]),
    )
    expect(moved).toEqual([
      ['2026-01', 'new', '100.00'],
      ['2026-03', 'expansion', '50.00'],
      ['2026-05', 'churn', '-150.00'],
      ['2026-07', 'reactivation', '60.00'],
      ['2026-08', 'contraction', '-20.00'],
    ])
    expect(rows[2]!.arr).toBe('1800.00')
  })

  it('takes a year from exact months', () => {
    const quarterly = { billing_cycle: { unit: 'QUARTERLY', cycle: 1 }, currency: 'JPY' } as const
    const [row] = mrrOf([subscription([flat('380000')], quarterly)], { from: '2026-03', to: '2026-03' })
    // 380,000 / 3 = 126,666.67, and 380,000 x 4.
    expect([row!.closing, row!.arr]).toEqual(['126667', '1520000'])
  })

  it('opens with what recurred before the first month, and remembers who was there', () => {
    const gone = subscription([flat('100')], { end_date: '2026-03-01' })
    const back = subscription([flat('70')], { start_date: '2026-06-01', anchor_date: '2026-06-01' })
    const staying = subscription([flat('30')], {}, 'globex')
    const rows = mrrOf([gone, back, staying], { from: '2026-05', to: '2026-06' })
    expect(rows).toMatchObject([
      { month: '2026-05', opening: '30.00', closing: '30.00', churn: '0.00' },
      { month: '2026-06', opening: '30.00', new: '0.00', reactivation: '70.00', closing: '100.00' },
    ])
  })

  it('takes a move from one contract to another for what it is', () => {
    const old = subscription([flat('100')], { end_date: '2026-03-01' })
    const larger = subscription([flat('130')], { start_date: '2026-03-01', anchor_date: '2026-03-01' })
    expect(mrrOf([old, larger], { from: '2026-03', to: '2026-03' })).toMatchObject([
      { opening: '100.00', expansion: '30.00', churn: '0.00', new: '0.00', closing: '130.00' },
    ])
  })

  it('keeps currencies apart, and free of charge is no revenue', () => {
    const free = flat('0', {
      ramp: [{ from: '2026-02-01', model: { type: 'flat', amount: '9', term: 'in_advance' } }],
    })
    const rows = mrrOf([subscription([flat('100')], { currency: 'EUR' }), subscription([free])], {
      from: '2026-02',
      to: '2026-02',
    })
    expect(rows).toMatchObject([
      { currency: 'EUR', opening: '100.00', closing: '100.00' },
      { currency: 'USD', opening: '0.00', new: '9.00', reactivation: '0.00', closing: '9.00' },
    ])
  })

  it('adds up for any customers: opening and movements are closing, and each closing opens the next month', () => {
    const contract = fc.record({
      customer: fc.constantFrom('a', 'b', 'c'),
      amount: fc.integer({ min: 1, max: 99_999 }),
      start: fc.integer({ min: 1, max: 9 }),
      months: fc.integer({ min: 1, max: 9 }),
      unit: fc.constantFrom('WEEKLY' as const, 'MONTHLY' as const, 'YEARLY' as const),
    })
    fc.assert(
      fc.property(fc.array(contract, { maxLength: 6 }), (contracts) => {
        const rows = mrrOf(
          contracts.map(({ customer, amount, start, months, unit }) =>
            subscription(
              [flat(`${amount}.01`)],
              {
                start_date: `2026-0${start}-15`,
                anchor_date: `2026-0${start}-15`,
                end_date: `2027-0${months}-15`,
                billing_cycle: { unit, cycle: 1 },
              },
              customer,
            ),
          ),
          { from: '2026-04', to: '2027-12' },
        )
        const cents = (text: string) => BigInt(text.replace('.', ''))
        for (const [place, row] of rows.entries()) {
          const moved = MOVEMENTS.reduce((total, name) => total + cents(row[name]), 0n)
          expect(cents(row.opening) + moved).toBe(cents(row.closing))
          if (place > 0) expect(row.opening).toBe(rows[place - 1]!.closing)
        }
        // All have ended by then.
        expect(rows.at(-1)?.closing ?? '0.00').toBe('0.00')
      }),
    )
  })
})
