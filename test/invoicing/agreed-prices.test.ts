import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PriceModel } from '../../src/catalog/price.ts'
import type { ContractTerms } from '../../src/contracts/contract.ts'
import { planCycleClose } from '../../src/invoicing/cycle/cycle-close.ts'
import { toMinor } from '../../src/kernel/money.ts'
import { decimal } from '../../src/kernel/rational.ts'
import { rate } from '../../src/rating/rate.ts'
import { ofQuantity } from '../../src/rating/rated-usage.ts'
import { sold, termsOf } from '../support/contract-terms.ts'
import { billed, closing, flat, sealed, unit, usage } from './closing.ts'

const amounts = (terms: ContractTerms, boundary: number, more: Parameters<typeof closing>[2] = {}) =>
  planCycleClose(closing(terms, boundary, more)).invoices.flatMap(({ lines }) =>
    lines.map((line) => [line.kind, line.serviceStart, line.amount]),
  )

describe('prices that change by a schedule', () => {
  it('bills a ramp of a fee in two lines where it changes inside a cycle', () => {
    // April in advance: 30 × 15/30 and 60 × 15/30; May 60.
    const terms = termsOf([sold('seats', flat('30'), { ramp: [{ from: '2026-04-16', model: flat('60') }] })])
    expect([2, 3, 4].map((boundary) => amounts(terms, boundary))).toEqual([
      [['recurring', '2026-03-01', 3000n]],
      [
        ['recurring', '2026-04-01', 1500n],
        ['recurring', '2026-04-16', 3000n],
      ],
      [['recurring', '2026-05-01', 6000n]],
    ])
  })

  it('bills usage of a cycle at the price of its first day, and corrects it at that price', () => {
    const terms = termsOf([sold('calls', unit('0.10'), { ramp: [{ from: 2, model: unit('0.08') }] })])
    const january = { sealed: sealed(1, [usage('calls', { '2026-01': '100' })]) }
    // 100 × 0.10; then 100 × 0.08, and 10 more of January × 0.10.
    const february = {
      sealed: sealed(
        2,
        [usage('calls', { '2026-02': '100' })],
        [{ cycleNo: 1, ...usage('calls', { '2026-01': '110' }) }],
      ),
      billed: [billed('calls', 1, '100', { '2026-01': 1000n })],
    }
    expect([amounts(terms, 1, january), amounts(terms, 2, february)]).toEqual([
      [['usage', '2026-01-01', 1000n]],
      [
        ['usage', '2026-02-01', 800n],
        ['usage_adjustment', '2026-01-01', 100n],
      ],
    ])
  })

  it('raises a fee each year, and a fee in arrears by the price of its own cycle', () => {
    const escalator = { every: 12, unit: 'cycles', percent: '3' } as const
    const terms = termsOf([
      sold('seats', flat('100'), { escalator }),
      sold('support', flat('50', 'in_arrears'), { escalator }),
    ])
    // At boundary 12 January 2027 is 103 in advance, December 2026 is 50 in arrears; then 51.50.
    expect([amounts(terms, 12), amounts(terms, 13)]).toEqual([
      [
        ['recurring', '2027-01-01', 10300n],
        ['recurring', '2026-12-01', 5000n],
      ],
      [
        ['recurring', '2027-02-01', 10300n],
        ['recurring', '2027-01-01', 5150n],
      ],
    ])
  })
})

const BULK: PriceModel = {
  type: 'graduated',
  tiers: [
    { up_to: '1000', unit_amount: '0.10', flat_amount: '7' },
    { up_to: null, unit_amount: '0.05', flat_amount: '3' },
  ],
}
const accumulating = (given: object = {}) =>
  termsOf([sold('calls', BULK, { accumulate: 'contract', ...given })])
const total = (cycleNo: number, quantity: string) => ({
  cycleNo,
  ...usage('calls', { [`2026-0${cycleNo}`]: quantity }),
})

describe('tiers that go on through the contract', () => {
  const JANUARY = total(1, '800')

  it('price a cycle from where the ones before it ended, with each flat amount once', () => {
    // 7 + 80 = 87. Then 1,300 are 7 + 100 + 3 + 15 = 125, so 38. Then 1,400 are 130, so 5.
    const [one, two, three] = [
      planCycleClose(
        closing(accumulating(), 1, { sealed: sealed(1, [usage('calls', { '2026-01': '800' })]) }),
      ),
      planCycleClose(
        closing(accumulating(), 2, {
          sealed: sealed(2, [usage('calls', { '2026-02': '500' })]),
          earlier: [JANUARY],
        }),
      ),
      planCycleClose(
        closing(accumulating(), 3, {
          sealed: sealed(3, [usage('calls', { '2026-03': '100' })]),
          earlier: [JANUARY, total(2, '500')],
        }),
      ),
    ].map(({ invoices }) => invoices[0]!)
    expect([one, two, three].map((invoice) => invoice!.subTotal)).toEqual([8700n, 3800n, 500n])
    expect(two!.lines[0]!.detail.map((row) => [row.description, row.quantity, row.amount])).toEqual([
      ['Up to 1,000', '1000', '100.00'],
      ['Up to 1,000, flat fee', '1', '7.00'],
      ['Over 1,000', '300', '15.00'],
      ['Over 1,000, flat fee', '1', '3.00'],
      ['Used in earlier periods', '-800', '-87.00'],
    ])
  })

  it('bills nothing where nothing is used, but the first flat amount in the first cycle', () => {
    const nothing = (cycleNo: number) => sealed(cycleNo, [usage('calls', { [`2026-0${cycleNo}`]: '0' })])
    expect(amounts(accumulating(), 1, { sealed: nothing(1) })).toEqual([['usage', '2026-01-01', 700n]])
    expect(amounts(accumulating(), 2, { sealed: nothing(2), earlier: [total(1, '0')] })).toEqual([])
  })

  it('rate the later cycles again when usage of an earlier one comes late', () => {
    // January had 800 and now 1,000: 107, so +20. February's 500 were 38; now 1,500 are 135 less 107, so −10.
    // March begins at 1,500: 100 × 0.05.
    const plan = amounts(accumulating(), 3, {
      sealed: sealed(3, [usage('calls', { '2026-03': '100' })], [total(1, '1000')]),
      earlier: [JANUARY, total(2, '500')],
      billed: [
        billed('calls', 1, '800', { '2026-01': 8700n }),
        billed('calls', 2, '500', { '2026-02': 3800n }),
      ],
    })
    expect(plan).toEqual([
      ['usage', '2026-03-01', 500n],
      ['usage_adjustment', '2026-01-01', 2000n],
      ['usage_adjustment', '2026-02-01', -1000n],
    ])
  })

  it('go on at a new price from where the old one stood', () => {
    // From February on 0.20 and 0.01: 1,300 are 200 + 3 = 203, 800 were 160, so 43.
    const cheaper: PriceModel = {
      type: 'graduated',
      tiers: [
        { up_to: '1000', unit_amount: '0.20', flat_amount: '0' },
        { up_to: null, unit_amount: '0.01', flat_amount: '0' },
      ],
    }
    const terms = accumulating({ ramp: [{ from: 2, model: cheaper }] })
    const plan = amounts(terms, 2, {
      sealed: sealed(2, [usage('calls', { '2026-02': '500' })]),
      earlier: [JANUARY],
    })
    expect(plan).toEqual([['usage', '2026-02-01', 4300n]])
  })

  it('add up to the price of all usage, however it falls into cycles', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 9 }), (used) => {
        const sums = used.map((quantity, place) => {
          const plan = planCycleClose(
            closing(accumulating(), place + 1, {
              sealed: sealed(place + 1, [usage('calls', { [`2026-0${place + 1}`]: `${quantity}` })]),
              earlier: used.slice(0, place).map((before, at) => total(at + 1, `${before}`)),
            }),
          )
          return plan.invoices[0]?.subTotal ?? 0n
        })
        const all = used.reduce((sum, quantity) => sum + quantity, 0)
        const whole = rate({ model: BULK }, ofQuantity(decimal(`${all}`))).amount
        expect(sums.reduce((sum, amount) => sum + amount, 0n)).toBe(toMinor(whole, 'USD'))
      }),
      { numRuns: 100 },
    )
  })
})
