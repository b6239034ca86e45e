import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amendTerms } from '../../../src/contracts/changes/amendment.ts'
import { type ContractProduct, type ContractTerms, CYCLE_UNITS } from '../../../src/contracts/contract.ts'
import { periodOn } from '../../../src/contracts/periods/own-cycle.ts'
import { boundaryDate, isShorter, lastBoundary } from '../../../src/contracts/periods/schedule.ts'
import { changeCharges } from '../../../src/invoicing/charges/change-charge.ts'
import type { Charge } from '../../../src/invoicing/charges/charge.ts'
import { recurringCharges } from '../../../src/invoicing/charges/fee-charge.ts'
import { addDays, daysBetween, type LocalDate } from '../../../src/kernel/calendar.ts'
import { sum } from '../../../src/kernel/money.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { flat, PRODUCTS } from '../closing.ts'

const basis = (terms: ContractTerms) => ({ terms, products: PRODUCTS, rounding: 'half_up' as const })
const cycle = fc.record({ unit: fc.constantFrom(...CYCLE_UNITS), cycle: fc.integer({ min: 1, max: 3 }) })
const cents = fc.integer({ min: 0, max: 1_000_000 })
const money = (amount: number) => (amount / 100).toFixed(2)

/** All that boundaries from the first to the last bill; `termsAt` tells what is agreed when one is closed. */
function billedOver(termsAt: (boundary: number) => ContractTerms, last: number): Charge[] {
  const billed: Charge[] = []
  for (let k = 0; k <= last; k++) {
    const terms = basis(termsAt(k))
    const due = recurringCharges(terms, k, billed)
    billed.push(...due, ...(k === 0 ? [] : changeCharges(terms, [k], billed)))
  }
  return billed
}

describe('a fee with a cycle of its own', () => {
  const contract = fc
    .record({
      start: fc.integer({ min: 0, max: 1_500 }).map((days) => addDays('2024-01-01', days)),
      days: fc.integer({ min: 1, max: 900 }),
      contracts: cycle.filter(({ unit }) => unit !== 'DAILY'),
      own: cycle,
      anchor: fc.integer({ min: -400, max: 400 }),
      term: fc.constantFrom('in_advance' as const, 'in_arrears' as const),
      amount: cents,
      from: fc.integer({ min: -50, max: 500 }),
      until: fc.option(fc.integer({ min: 1, max: 500 }), { nil: null }),
      trial: fc.option(fc.integer({ min: 1, max: 100 }), { nil: null }),
      step: fc.option(fc.integer({ min: 1, max: 400 }), { nil: null }),
    })
    .filter(({ contracts, own }) => !isShorter(own, contracts))

  type Given = {
    term: 'in_advance' | 'in_arrears'
    amount: number
    from: number
    until: number | null
    trial: number | null
    step: number | null
  }

  /** A fee over some of the term, perhaps free at first, perhaps with twice the seats from a day on. */
  function productOf(start: LocalDate, { term, amount, from, until, trial, step }: Given): ContractProduct {
    const begins = from <= 0 ? start : addDays(start, from)
    return sold('seats', flat(money(amount), term), {
      billing_start_date: from <= 0 ? null : begins,
      billing_end_date: until === null ? null : addDays(begins, until),
      ...(trial !== null && { trial_end_date: addDays(begins, trial) }),
      ...(step !== null && { ramp: [{ from: addDays(begins, step), quantity: '2' }] }),
    })
  }

  /** The days and amounts of all lines. */
  const linesOf = (terms: ContractTerms): string[] =>
    billedOver(() => terms, lastBoundary(terms)!)
      .map(({ serviceStart, serviceEnd, amount }) => `${serviceStart} ${serviceEnd} ${amount}`)
      .sort()

  it('comes over the term to what it comes to alone, in a contract of that cycle, days by days', () => {
    fc.assert(
      fc.property(contract, ({ start, days, contracts, own, anchor, ...given }) => {
        const product = productOf(start, given)
        const dates = { start_date: start, end_date: addDays(start, days) }
        const anchor_date = addDays(start, anchor)
        const mixed = termsOf([{ ...product, billing_cycle: own, anchor_date }], {
          ...dates,
          anchor_date: start,
          billing_cycle: contracts,
        })
        const alone = termsOf([product], { ...dates, anchor_date, billing_cycle: own })
        expect(linesOf(mixed)).toEqual(linesOf(alone))
      }),
      { numRuns: 300 },
    )
  })

  it('is billed in advance at the last boundary before its days, in arrears at the first one after them', () => {
    fc.assert(
      fc.property(contract, ({ start, days, contracts, own, anchor, term, amount }) => {
        const fee = sold('seats', flat(money(amount), term), {
          billing_cycle: own,
          anchor_date: addDays(start, anchor),
        })
        const end_date = addDays(start, days)
        const terms = termsOf([fee], {
          start_date: start,
          end_date,
          anchor_date: start,
          billing_cycle: contracts,
        })
        for (let k = 0; k <= lastBoundary(terms)!; k++) {
          const at = boundaryDate(terms, k)
          for (const { serviceStart, serviceEnd } of recurringCharges(basis(terms), k)) {
            if (term === 'in_advance') {
              expect(at <= serviceStart && serviceStart < boundaryDate(terms, k + 1)).toBe(true)
            } else {
              expect(boundaryDate(terms, k - 1) < serviceEnd && serviceEnd <= at).toBe(true)
            }
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('changes inside periods that are paid', () => {
  const change = fc.record({
    /** Days after the boundary that was closed last, and months that were closed before. */
    days: fc.integer({ min: 0, max: 200 }),
    after: fc.integer({ min: 0, max: 8 }),
    amount: cents,
    seats: fc.integer({ min: 0, max: 9 }),
  })
  const END: LocalDate = '2028-01-01'
  const LAST = 24

  const seats = (amount: number, quantity: number, own: Pick<ContractProduct, 'billing_cycle'>) =>
    sold('seats', flat(money(amount)), { quantity: String(quantity), credit_removals: true, ...own })

  /** The sum of what each price is for its days, unrounded: 1 cent off for each line at most. */
  function agreedSum(terms: ContractTerms): number {
    let total = 0
    for (let day = terms.start_date; day < END; day = addDays(day, 1)) {
      const price = terms.products.find(
        ({ billing_start_date: from, billing_end_date: to }) =>
          (from === null || from <= day) && (to === null || day < to),
      )
      if (price?.model.type !== 'flat') continue
      const { start, end } = periodOn(terms, price, day)
      total += (Number(price.model.amount) * 100 * Number(price.quantity)) / daysBetween(start, end)
    }
    return total
  }

  it('never change what the agreed days cost together, and leave nothing to bill', () => {
    fc.assert(
      fc.property(
        cycle.filter((own) => !isShorter(own, { unit: 'MONTHLY', cycle: 1 })),
        fc.array(change, { minLength: 1, maxLength: 5 }),
        (own, changes) => {
          let terms = termsOf([seats(1_000_00, 3, { billing_cycle: own })], { end_date: END })
          let next = 0
          const agreedAt = new Map<number, ContractTerms>()
          for (const { after, days, amount, seats: count } of changes) {
            next = Math.min(next + after, LAST)
            const day = addDays(boundaryDate(terms, Math.max(next - 1, 0)), days)
            if (day >= END) continue
            const products = [seats(amount, count, { billing_cycle: own })]
            const dates = { dayOf: () => day, boundary: day, zoneFrom: day }
            terms = amendTerms(terms, { products }, dates, () => false)
            agreedAt.set(next, terms)
          }
          let now = termsOf([seats(1_000_00, 3, { billing_cycle: own })], { end_date: END })
          const billed = billedOver((k) => {
            now = agreedAt.get(k) ?? now
            return now
          }, LAST)
          const total = Number(sum(billed.map((line) => line.amount)))
          expect(Math.abs(total - agreedSum(terms))).toBeLessThanOrEqual(billed.length)
          expect(changeCharges(basis(terms), [LAST], billed)).toEqual([])
        },
      ),
      { numRuns: 150 },
    )
  })
})
