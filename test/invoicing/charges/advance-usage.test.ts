import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { billsChangeAfter } from '../../../src/contracts/changes/change-billing.ts'
import type { ContractProduct } from '../../../src/contracts/contract.ts'
import type { BilledUsage } from '../../../src/invoicing/charges/usage-total.ts'
import { planChange } from '../../../src/invoicing/cycle/change-plan.ts'
import { planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import type { InvoiceLine } from '../../../src/invoicing/invoice.ts'
import { toMinor } from '../../../src/kernel/money.ts'
import { decimal } from '../../../src/kernel/rational.ts'
import { rate } from '../../../src/rating/rate.ts'
import { ofQuantity } from '../../../src/rating/rated-usage.ts'
import { graduated, packages, percentage } from '../../rating/prices.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { billed, closing, sealed, unit, usage } from '../closing.ts'
import { measuredBy, sealedFrom, used } from '../metering.ts'

const asItHappens = (model: ContractProduct['model'], more: Partial<ContractProduct> = {}) =>
  termsOf([sold('calls', model, { bill: 'advance', ...more })])
type Terms = ReturnType<typeof asItHappens>

const january = (quantity: string) => sealed(1, [usage('calls', { '2026-01': quantity })])

/** What issued lines have billed for calls in January. */
const summed = (lines: readonly Pick<InvoiceLine, 'quantity' | 'amount'>[]): BilledUsage[] =>
  lines.length === 0
    ? []
    : [
        billed('calls', 1, String(lines.reduce((sum, { quantity }) => sum + Number(quantity), 0)), {
          '2026-01': lines.reduce((sum, { amount }) => sum + amount, 0n),
        }),
      ]

/** Bills each total in turn as the cycle goes on, and the last one when it is closed. */
function billedDayByDay(terms: Terms, ...totals: string[]): InvoiceLine[] {
  const lines: InvoiceLine[] = []
  for (const [place, quantity] of totals.entries()) {
    const more = { sealed: january(quantity), billed: summed(lines) }
    const input = closing(terms, 1, more)
    const isLast = place === totals.length - 1
    const { invoices } = isLast ? planCycleClose(input) : planChange({ ...input, nextChange: place + 1 })
    lines.push(...invoices.flatMap((invoice) => invoice.lines))
  }
  return lines
}

const amounts = (lines: readonly InvoiceLine[]) => lines.map(({ amount }) => amount)

describe('usage that is charged as it happens', () => {
  it.each([
    {
      name: '+10, −4, +8 at 1: 10, nothing, and 4 up to 14',
      terms: asItHappens(unit('1')),
      totals: ['10', '6', '14', '14'],
      lines: [1000n, 400n],
    },
    {
      name: 'packages of 10 at 5: 17 are two, 22 one more',
      terms: asItHappens(packages('10', '5')),
      totals: ['17', '22'],
      lines: [1000n, 500n],
    },
    {
      name: 'tiers go on: 80 × 0.10 + 5; then 20 × 0.10 + 50 × 0.05 + 3',
      terms: asItHappens(graduated(['100', '0.10', '5'], [null, '0.05', '3'])),
      totals: ['80', '150'],
      lines: [1300n, 750n],
    },
    {
      name: 'a minimum is judged at the end alone: 3, then 10 − 3',
      terms: asItHappens(unit('1'), { modifiers: { minimum_amount: '10' } }),
      totals: ['3', '3'],
      lines: [300n, 700n],
    },
    {
      name: 'a maximum holds for all days together: 30, then up to 50',
      terms: asItHappens(unit('10'), { modifiers: { maximum_amount: '50' } }),
      totals: ['3', '9', '12'],
      lines: [3000n, 2000n],
    },
    {
      name: 'fractions are billed when they add up: 0.333 is 0.33, 0.666 is 0.67',
      terms: asItHappens(unit('0.333')),
      totals: ['1', '2', '2'],
      lines: [33n, 34n],
    },
    { name: 'nothing used makes no line', terms: asItHappens(unit('1')), totals: ['0', '0'], lines: [] },
  ])('$name', ({ terms, totals, lines }) => {
    expect(amounts(billedDayByDay(terms, ...totals))).toEqual(lines)
  })

  it('has single events counted too: 1 % + 2 for each of two, then of a third', () => {
    const terms = asItHappens(percentage('1', { fixed_per_event: '2' }))
    const first = planChange({
      ...closing(terms, 1, { sealed: sealedFrom(terms, 1, used('100', '300')) }),
      nextChange: 1,
    }).invoices.flatMap(({ lines }) => lines)
    const closed = planCycleClose(
      closing(terms, 1, {
        sealed: sealedFrom(terms, 1, used('100', '300', '50')),
        billed: summed(first),
      }),
    ).invoices.flatMap(({ lines }) => lines)
    // 4.00 + 4.00; then 0.50 + 2.00.
    expect([...amounts(first), ...amounts(closed)]).toEqual([800n, 250n])
  })

  it('never gives back what a later correction takes away, and bills what one adds', () => {
    const correction = (quantity: string) =>
      planCycleClose(
        closing(asItHappens(unit('1')), 2, {
          sealed: sealed(
            2,
            [usage('calls', { '2026-02': '0' })],
            [{ cycleNo: 1, ...usage('calls', { '2026-01': quantity }) }],
          ),
          billed: [billed('calls', 1, '10', { '2026-01': 1000n })],
        }),
      ).invoices.flatMap(({ lines }) => amounts(lines))
    expect([correction('7'), correction('12')]).toEqual([[], [200n]])
  })

  it('comes to the price of the highest total, however often it is billed on the way', () => {
    const models = [
      unit('0.333'),
      packages('7', '1.99'),
      graduated(['50', '0.10', '1'], [null, '0.035', '2']),
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 8 }),
        (model, totals) => {
          const lines = billedDayByDay(asItHappens(model), ...totals.map(String))
          const highest = rate({ model }, ofQuantity(decimal(String(Math.max(...totals))))).amount
          expect(amounts(lines).reduce((sum, amount) => sum + amount, 0n)).toBe(toMinor(highest, 'USD'))
          expect(lines.every(({ amount }) => amount > 0n)).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('is billed at the end of each day, in the zone of the contract, while the contract lasts', () => {
    const at = (instant: string) => Date.parse(instant)
    const next = (terms: Terms, now: string) => billsChangeAfter({ terms }, at(now))
    const terms = { ...asItHappens(unit('1')), timezone: 'Asia/Tokyo', end_date: '2026-02-01' }
    expect([
      next(terms, '2025-12-01T00:00:00Z'),
      next(terms, '2026-01-10T14:59:59Z'),
      next(terms, '2026-01-10T15:00:00Z'),
      next(terms, '2026-01-31T00:00:00Z'),
      next(termsOf([sold('calls', unit('1'))]), '2026-01-10T00:00:00Z'),
    ]).toEqual([
      at('2026-01-01T15:00:00Z'),
      at('2026-01-10T15:00:00Z'),
      at('2026-01-11T15:00:00Z'),
      null,
      null,
    ])
  })

  it('leaves other usage of the contract to the end of the cycle', () => {
    const terms = termsOf([sold('calls', unit('1'), { bill: 'advance' }), sold('storage', unit('2'))])
    const both = sealed(1, [usage('calls', { '2026-01': '3' }), usage('storage', { '2026-01': '4' })])
    const input = closing(terms, 1, { sealed: both, products: measuredBy({ type: 'sum' }) })
    const onTheWay = planChange({ ...input, nextChange: 1 }).invoices.flatMap(({ lines }) => lines)
    const atTheEnd = planCycleClose({ ...input, billed: summed(onTheWay) }).invoices.flatMap(
      ({ lines }) => lines,
    )
    expect([onTheWay, atTheEnd].map((lines) => lines.map((line) => [line.productRef, line.amount]))).toEqual([
      [['calls', 300n]],
      [['storage', 800n]],
    ])
  })
})
