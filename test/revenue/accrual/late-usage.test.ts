import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { PriceModel } from '../../../src/catalog/price.ts'
import type { ContractTerms } from '../../../src/contracts/contract.ts'
import { type CycleCloseInput, planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import { unbilledOf } from '../../../src/invoicing/cycle/unbilled.ts'
import { sum } from '../../../src/kernel/money.ts'
import { earnedOf } from '../../../src/revenue/accrual/earned.ts'
import { billed, CALLS, closing, sealed, unit, usage } from '../../invoicing/closing.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { VOLUME } from './books.ts'

const termsFor = (model: PriceModel, more: Partial<ContractTerms> = {}) =>
  termsOf([sold('calls', model)], more)

/** What is earned and not billed by the end of January, in cents. */
const earnedInJanuary = (input: CycleCloseInput): bigint => {
  const earned = earnedOf({
    contract: input.contract,
    unbilled: unbilledOf(input).unbilled,
    recognitionOf: new Map([['calls', 'usage']]),
    planned: [],
    lastDay: '2026-01-31',
    timezone: 'UTC',
  })
  const portions = earned.flatMap((one) => one.portions)
  expect(portions.every(({ date }) => date === '2026-01-31')).toBe(true)
  return sum(portions.map(({ amount }) => amount))
}

/** Boundary 2, after the invoice of January, with what is known of January by then and 30 calls of February. */
const afterInvoice = (model: PriceModel, before: number, amount: bigint, known: number) =>
  closing(termsFor(model), 2, {
    sealed: sealed(
      2,
      [usage('calls', { '2026-02': '30' })],
      [{ ...usage('calls', { '2026-01': `${known}` }), cycleNo: 1 }],
    ),
    billed: [billed('calls', 1, `${before}`, { '2026-01': amount })],
  })

it.each([
  ['more: 14 at 1.00, of which 10 are billed', unit('1'), 10, 1_000n, 14, 400n],
  ['less: 7 at 1.00, of 10 that are billed', unit('1'), 10, 1_000n, 7, -300n],
  ['as much', unit('1'), 10, 1_000n, 10, 0n],
  // 100 × 0.10 + 50 × 0.05 = 12.50 less 60 × 0.10.
  ['in the next tier', CALLS, 60, 600n, 150, 650n],
  // 160 × 0.50 = 80.00 less 90 × 1.00.
  ['that makes all of it cheaper', VOLUME, 90, 9_000n, 160, -1_000n],
])('usage of an invoiced month counts in it: %s', (_, model, before, amount, known, earned) => {
  expect(earnedInJanuary(afterInvoice(model, before, amount, known))).toBe(earned)
})

it('usage of a cycle in two months counts in each of them', () => {
  // Billed on 15 February: 6.00 of January and 4.00 of February. By now there are 8 and 9.
  const from = { start_date: '2026-01-15', anchor_date: '2026-01-15' }
  const input = closing(termsFor(unit('1'), from), 2, {
    sealed: sealed(2, [], [{ ...usage('calls', { '2026-01': '8', '2026-02': '9' }), cycleNo: 1 }]),
    billed: [billed('calls', 1, '10', { '2026-01': 600n, '2026-02': 400n })],
  })
  expect(earnedInJanuary(input)).toBe(200n)
})

it('with what was billed it comes to what an invoice of all usage would have billed', () => {
  const quantity = fc.integer({ min: 0, max: 1_500 })
  const invoiced = (model: PriceModel, used: number): bigint => {
    const products = [usage('calls', { '2026-01': `${used}` })]
    const { invoices } = planCycleClose(closing(termsFor(model), 1, { sealed: sealed(1, products) }))
    return sum(invoices.map(({ subTotal }) => subTotal))
  }
  fc.assert(
    fc.property(fc.constantFrom(unit('0.333'), CALLS, VOLUME), quantity, quantity, (model, before, known) => {
      const amount = invoiced(model, before)
      expect(amount + earnedInJanuary(afterInvoice(model, before, amount, known))).toBe(
        invoiced(model, known),
      )
    }),
    { numRuns: 100 },
  )
})
