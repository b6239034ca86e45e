import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ContractProduct, ContractTerms } from '../../../src/contracts/contract.ts'
import { changeCharges } from '../../../src/invoicing/charges/change-charge.ts'
import type { Charge } from '../../../src/invoicing/charges/charge.ts'
import { recurringCharges } from '../../../src/invoicing/charges/fee-charge.ts'
import { type BilledFee, takenBack } from '../../../src/invoicing/charges/paid-part.ts'
import { addDays } from '../../../src/kernel/calendar.ts'
import { sum, toMinor } from '../../../src/kernel/money.ts'
import { multiply, rational } from '../../../src/kernel/rational.ts'
import { revenuePortions } from '../../../src/revenue/schedule.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { flat, PRODUCTS } from '../closing.ts'

/** March 2026, of 31 days, is the third cycle; its fees in advance are due at boundary 2. */
const MARCH = 3
const basis = (terms: ContractTerms) => ({ terms, products: PRODUCTS, rounding: 'half_up' as const })
const paidFor = (terms: ContractTerms): BilledFee[] => recurringCharges(basis(terms), MARCH - 1)
const seats = (amount: string, quantity = '1', more: Partial<ContractProduct> = {}) =>
  sold('seats', flat(amount), { quantity, ...more })
const until = (day: string) => ({ billing_end_date: day })
const from = (day: string) => ({ billing_start_date: day })
const amounts = (charges: readonly Charge[]) => charges.map(({ amount }) => amount)

const changed = (before: ContractProduct[], after: ContractProduct[], more: Partial<ContractTerms> = {}) =>
  changeCharges(basis(termsOf(after, more)), [MARCH], paidFor(termsOf(before, more)))

describe('changeCharges', () => {
  it('owes nothing where nothing has changed', () => {
    const plans = [seats('9.99', '3'), sold('support', flat('30.00', 'in_arrears'))]
    expect(changed(plans, plans)).toEqual([])
  })

  it('credits the old price and charges the new one for the days left', () => {
    // The 15th to the 31st are 17 of 31 days: 10 × 17/31 = 5.4838…, 20 × 17/31 = 10.9677…
    const after = [seats('10', '1', until('2026-03-15')), seats('20', '1', from('2026-03-15'))]
    expect(changed([seats('10')], after)).toMatchObject([
      {
        kind: 'change',
        description: 'seats: credit for unused days',
        amount: -548n,
        quantity: '-1',
        unitAmount: '10',
        serviceStart: '2026-03-15',
        serviceEnd: '2026-04-01',
        serviceCycleNo: 3,
        detail: [{ description: 'Billed before and not used, 17/31 of the period', amount: '-5.48' }],
      },
      { kind: 'change', description: 'seats', amount: 1097n, quantity: '1', unitAmount: '20' },
    ])
  })

  it.each([
    { name: 'on the first day: all of both', day: '2026-03-01', expected: [-1000n, 2000n] },
    { name: 'on the last day: 10/31 and 20/31', day: '2026-03-31', expected: [-32n, 65n] },
    { name: 'at the end: nothing', day: '2026-04-01', expected: [] },
  ])('from 10 to 20 $name', ({ day, expected }) => {
    const old = day === '2026-03-01' ? [] : [seats('10', '1', until(day))]
    expect(amounts(changed([seats('10')], [...old, seats('20', '1', from(day))]))).toEqual(expected)
  })

  it.each([
    // 3 × 20 × 10/31 = 19.354…
    {
      name: 'charges the added seats alone',
      before: '5',
      after: '8',
      credits: false,
      expected: [['3', 1935n]],
    },
    { name: 'keeps what removed seats cost', before: '5', after: '3', credits: false, expected: [] },
    // 100.00 × 2/5 × 10/31 = 12.903…
    {
      name: 'gives removed seats back if agreed',
      before: '5',
      after: '3',
      credits: true,
      expected: [['-2', -1290n]],
    },
    { name: 'gives all of them back', before: '5', after: '0', credits: true, expected: [['-5', -3226n]] },
  ])('$name', ({ before, after, credits, expected }) => {
    const removals = credits ? { credit_removals: true as const } : {}
    const plans = [
      seats('20', before, until('2026-03-22')),
      seats('20', after, { ...from('2026-03-22'), ...removals }),
    ]
    const lines = changed([seats('20', before)], plans)
    expect(lines.map(({ quantity, amount }) => [quantity, amount])).toEqual(expected)
  })

  it('does not charge again for seats that were taken away without credit', () => {
    const plans = [
      seats('20', '5', until('2026-03-10')),
      seats('20', '3', { ...from('2026-03-10'), ...until('2026-03-20') }),
      seats('20', '6', from('2026-03-20')),
    ]
    // Five are paid to the end, so one is added for 12 days: 20 × 12/31 = 7.741…
    expect(changed([seats('20', '5')], plans).map(({ quantity, amount }) => [quantity, amount])).toEqual([
      ['1', 774n],
    ])
  })

  it('charges a product that is added, and credits one that is taken out', () => {
    const added = sold('support', flat('31'), from('2026-03-15'))
    // 31 × 17/31
    expect(amounts(changed([seats('10')], [seats('10'), added]))).toEqual([1700n])
    const out = [sold('support', flat('31'), until('2026-03-15'))]
    expect(amounts(changed([sold('support', flat('31'))], out))).toEqual([-1700n])
  })

  it('leaves fees in arrears to their boundary, with a line for each stretch', () => {
    const plans = [
      sold('seats', flat('31', 'in_arrears'), until('2026-03-15')),
      sold('seats', flat('62', 'in_arrears'), from('2026-03-15')),
    ]
    expect(changed([sold('seats', flat('31', 'in_arrears'))], plans)).toEqual([])
    // 31 × 14/31 and 62 × 17/31
    expect(amounts(recurringCharges(basis(termsOf(plans)), MARCH))).toEqual([1400n, 3400n])
  })

  it('measures the days left in seconds where the contract does', () => {
    const after = [seats('100', '1', until('2026-03-15')), seats('0', '1', from('2026-03-15'))]
    // New York's March has 743 hours, 408 of them from the 15th on: 100 × 408/743 = 54.912…
    const zone = { timezone: 'America/New_York', proration: 'second' as const }
    expect(amounts(changed([seats('100')], after, zone))).toEqual([-5491n, 0n])
  })

  it('prices a fee with limits as a whole: 8 seats at a most of 100 less 4 seats', () => {
    const modifiers = { maximum_amount: '100' }
    const plans = [
      seats('20', '4', { modifiers, ...until('2026-03-01') }),
      seats('20', '8', { modifiers, ...from('2026-03-01') }),
    ]
    expect(amounts(changed([seats('20', '4', { modifiers })], plans))).toEqual([2000n])
  })

  it.each([
    // 10 × 17/31 = 5.48 were billed for the days that are left.
    { name: 'all of the days to come', amount: 548n, from: '2026-03-15', expected: [] },
    { name: 'a part of the days to come: 5.48 − 5.00', amount: 500n, from: '2026-03-15', expected: [-48n] },
    { name: 'a part of the month: 3.00 × 17/31', amount: 700n, from: '2026-03-01', expected: [-165n] },
    { name: 'the whole month', amount: 1000n, from: '2026-03-01', expected: [] },
    {
      name: 'more than the days before were worth: 10.00 − 7.00 is left',
      amount: 700n,
      to: '2026-03-15',
      expected: [-300n],
    },
  ])('does not credit again what was taken back: $name', ({ amount, expected, ...days }) => {
    const period = { start: days.from ?? '2026-03-01', end: days.to ?? '2026-04-01' }
    const taken = [{ amount: rational(amount), days: period }]
    const billed = paidFor(termsOf([seats('10')])).map((line) => ({ ...line, taken }))
    const after = termsOf([seats('10', '1', until('2026-03-15'))])
    expect(amounts(changeCharges(basis(after), [MARCH], billed))).toEqual(expected)
  })

  it('knows a discounted fee that was credited in full as given back', () => {
    // 10.00 less 20 % was billed as 8.00; of those 8.00 and 4.00 are credited.
    const days = { serviceStart: '2026-03-01', serviceEnd: '2026-04-01' }
    const line = { amount: 1000n, netAmount: 800n }
    const after = termsOf([seats('10', '1', until('2026-03-15'))])
    const creditsOf = (credited: bigint) => {
      const taken = [takenBack(line, { amount: credited, ...days })]
      return changeCharges(
        basis(after),
        [MARCH],
        paidFor(termsOf([seats('10')])).map((fee) => ({ ...fee, taken })),
      )
    }
    expect(creditsOf(800n)).toEqual([])
    // 5.00 × 17/31, before the discount that the credit line has, too
    expect(amounts(creditsOf(400n))).toEqual([-274n])
  })

  it.each([
    {
      name: 'credits them where the cancellation says so',
      more: { credits_unused: true as const },
      expected: [-548n],
    },
    { name: 'keeps them otherwise', more: {}, expected: [] },
  ])('days after the end of the contract: $name', ({ more, expected }) => {
    const ended = termsOf([seats('10')], { end_date: '2026-03-15', ...more })
    expect(amounts(changeCharges(basis(ended), [MARCH], paidFor(termsOf([seats('10')]))))).toEqual(expected)
  })

  it('charges the paid part of the cycle in which a trial ends', () => {
    const trial = termsOf([seats('31', '1', { trial_end_date: '2026-03-15' })])
    expect(recurringCharges(basis(trial), MARCH - 1)).toEqual([])
    // 31 × 17/31
    expect(changeCharges(basis(trial), [MARCH], [])).toMatchObject([
      { amount: 1700n, serviceStart: '2026-03-15', serviceEnd: '2026-04-01' },
    ])
    expect(amounts(recurringCharges(basis(trial), MARCH))).toEqual([3100n])
  })

  it('carries the tax that the old line was billed with', () => {
    const vat = { name: 'VAT', percent: '19', inclusive: false, reason: null, note: null }
    const billed = paidFor(termsOf([seats('10')])).map((line) => ({
      ...line,
      taxes: [{ ...vat, tax: '1.90' }],
    }))
    const [line] = changeCharges(basis(termsOf([seats('10', '1', until('2026-03-15'))])), [MARCH], billed)
    expect(line!.taxes).toEqual([vat])
  })
})

describe('chains of changes', () => {
  const cents = fc.integer({ min: 0, max: 100_000 })
  const price = (amount: number) => (amount / 100).toFixed(2)

  it('come to the price of the last plan for the days left, whenever they are billed', () => {
    fc.assert(
      fc.property(
        fc.array(cents, { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 0, max: 30 }),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        (prices, days, billsNow) => {
          const day = addDays('2026-03-01', days)
          const billed = paidFor(termsOf([seats(price(prices[0]!))]))
          const first = days === 0 ? [] : [seats(price(prices[0]!), '1', until(day))]
          for (const [place, amount] of prices.slice(1).entries()) {
            const isLast = place === prices.length - 2
            if (!billsNow[place] && !isLast) continue
            const terms = termsOf([...first, seats(price(amount), '1', from(day))])
            billed.push(...changeCharges(basis(terms), [MARCH], billed))
          }
          const left = rational(BigInt(31 - days), 31n)
          const due = (amount: number) => toMinor(multiply(rational(BigInt(amount), 100n), left), 'USD')
          const total = sum(billed.map((line) => line.amount))
          const kept = toMinor(rational(BigInt(prices[0]!), 100n), 'USD') - due(prices[0]!)
          const off = total - kept - due(prices.at(-1)!)
          expect(off < 0n ? -off : off).toBeLessThanOrEqual(1n)
        },
      ),
    )
  })

  it('leave nothing to bill once they are billed, and never credit more than was billed', () => {
    const change = fc.record({
      day: fc.integer({ min: 0, max: 30 }),
      amount: cents,
      seats: fc.integer({ min: 0, max: 9 }),
    })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const plans: ContractProduct[] = [seats('12.34', '3')]
        const billed = paidFor(termsOf(plans))
        for (const { day, amount, seats: count } of changes.sort((a, b) => a.day - b.day)) {
          const date = addDays('2026-03-01', day)
          const last = plans.pop()!
          if ((last.billing_start_date ?? '2026-01-01') < date) plans.push({ ...last, ...until(date) })
          plans.push(seats(price(amount), String(count), { ...from(date), credit_removals: true }))
          billed.push(...changeCharges(basis(termsOf(plans)), [MARCH], billed))
          expect(sum(billed.map((line) => line.amount))).toBeGreaterThanOrEqual(0n)
          expect(changeCharges(basis(termsOf(plans)), [MARCH], billed)).toEqual([])
        }
      }),
    )
  })
})

it('leaves unbilled nothing and revenue day by day: 10 to the 14th, 20 from the 15th', () => {
  const after = [seats('10', '1', until('2026-03-15')), seats('20', '1', from('2026-03-15'))]
  const lines = [...paidFor(termsOf([seats('10')])), ...changed([seats('10')], after)]
  const revenue = lines.flatMap((line) => revenuePortions({ ...line, usageByMonth: {} }, 'daily'))
  const earnedBy = (day: string) =>
    sum(revenue.filter(({ postingDate }) => postingDate <= day).map(({ amount }) => amount))
  // 10 × 14/31 = 4.516…; one day more at 20/31: 10 × 15/31 − 5.48/17 + 10.97/17 = 4.84 − 0.32 + 0.65 = 5.17.
  expect(earnedBy('2026-03-14')).toBe(452n)
  expect(earnedBy('2026-03-15')).toBe(517n)
  // All that was billed: 10.00 − 5.48 + 10.97.
  expect(earnedBy('2026-03-31')).toBe(1549n)
})
