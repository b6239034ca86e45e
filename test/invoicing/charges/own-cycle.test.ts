import { describe, expect, it } from 'vitest'
import type { BillingCycle, ContractProduct, ContractTerms } from '../../../src/contracts/contract.ts'
import { changeCharges } from '../../../src/invoicing/charges/change-charge.ts'
import type { Charge } from '../../../src/invoicing/charges/charge.ts'
import { arrearsAhead, recurringCharges, trialEndCharges } from '../../../src/invoicing/charges/fee-charge.ts'
import type { BilledFee } from '../../../src/invoicing/charges/paid-part.ts'
import { planChange } from '../../../src/invoicing/cycle/change-plan.ts'
import { planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import { feesBefore } from '../../../src/invoicing/cycle/fees-before.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { closing, flat, PRODUCTS } from '../closing.ts'

/** Months of 2026 and later; June is the sixth cycle, closed at boundary 6 on 1 July. */
const basis = (terms: ContractTerms) => ({ terms, products: PRODUCTS, rounding: 'half_up' as const })
const YEARLY: BillingCycle = { unit: 'YEARLY', cycle: 1 }
const QUARTERLY: BillingCycle = { unit: 'QUARTERLY', cycle: 1 }
/** 3,650 a year: 10 for each day of a common one. */
const yearly = (more: Partial<ContractProduct> = {}) =>
  sold('seats', flat('3650'), { billing_cycle: YEARLY, ...more })
const until = (day: string) => ({ billing_end_date: day })
const from = (day: string) => ({ billing_start_date: day })

type Line = [start: string, end: string, cycleNo: number, amount: bigint]
const linesOf = (charges: readonly Charge[]): Line[] =>
  charges.map((one) => [one.serviceStart, one.serviceEnd, one.serviceCycleNo, one.amount])

describe('recurringCharges of a product with a cycle of its own', () => {
  const duringTwoYears = (terms: ContractTerms) =>
    Array.from({ length: 25 }, (_, k) => [k, linesOf(recurringCharges(basis(terms), k))] as const).filter(
      ([, lines]) => lines.length > 0,
    )

  it.each<{ name: string; terms: ContractTerms; expected: [number, Line[]][] }>([
    {
      name: 'bills a year in advance when it begins',
      terms: termsOf([yearly()]),
      expected: [
        [0, [['2026-01-01', '2027-01-01', 1, 365000n]]],
        [12, [['2027-01-01', '2028-01-01', 13, 365000n]]],
        // 3,650 for a leap year too
        [24, [['2028-01-01', '2029-01-01', 25, 365000n]]],
      ],
    },
    {
      name: 'bills a year in arrears when it is over',
      terms: termsOf([yearly({ model: flat('3650', 'in_arrears') })]),
      expected: [
        [12, [['2026-01-01', '2027-01-01', 12, 365000n]]],
        [24, [['2027-01-01', '2028-01-01', 24, 365000n]]],
      ],
    },
    {
      // 30 of 365 days: 3,650 × 30/365
      name: 'bills a first part of a year with the month that it begins in',
      terms: termsOf([yearly(from('2026-12-02'))], { end_date: '2027-01-01' }),
      expected: [[11, [['2026-12-02', '2027-01-01', 12, 30000n]]]],
    },
    {
      // 30 of 366 days: 3,660 × 30/366
      name: 'knows a leap year',
      terms: termsOf([yearly({ model: flat('3660'), ...from('2024-12-02') })], {
        start_date: '2024-01-01',
        anchor_date: '2024-01-01',
        end_date: '2025-01-01',
      }),
      expected: [[11, [['2024-12-02', '2025-01-01', 12, 30000n]]]],
    },
    {
      // From 10 March on 297 days are left of the year of the calendar.
      name: 'begins with a short year where months are those of the calendar',
      terms: termsOf([yearly()], { start_date: '2026-03-10', end_date: '2027-06-01' }),
      expected: [
        [0, [['2026-03-10', '2027-01-01', 1, 297000n]]],
        // The end of the contract leaves 151 of 365 days.
        [10, [['2027-01-01', '2027-06-01', 11, 151000n]]],
      ],
    },
    {
      name: 'counts from an anchor of its own, at the last boundary before',
      terms: termsOf([yearly({ ...from('2026-06-10'), anchor_date: '2026-06-10' })]),
      expected: [
        [5, [['2026-06-10', '2027-06-10', 6, 365000n]]],
        [17, [['2027-06-10', '2028-06-10', 18, 365000n]]],
      ],
    },
    {
      name: 'counts from an anchor of its own, at the first boundary after',
      terms: termsOf([
        yearly({
          model: flat('3650', 'in_arrears'),
          ...from('2026-06-10'),
          anchor_date: '2026-06-10',
        }),
      ]),
      expected: [[18, [['2026-06-10', '2027-06-10', 18, 365000n]]]],
    },
    {
      // Two months: 1 January, 1 March, 1 May, 1 July. The quarter of April is billed in March.
      name: 'bills quarters in a contract by two months',
      terms: termsOf([sold('seats', flat('90'), { billing_cycle: QUARTERLY })], {
        billing_cycle: { unit: 'MONTHLY', cycle: 2 },
        end_date: '2026-09-01',
      }),
      expected: [
        [0, [['2026-01-01', '2026-04-01', 1, 9000n]]],
        [1, [['2026-04-01', '2026-07-01', 2, 9000n]]],
        // The end leaves 62 of the 92 days from July on: 90 × 62/92 = 60.652…
        [3, [['2026-07-01', '2026-09-01', 4, 6065n]]],
      ],
    },
    {
      // 181 days at 10 and 184 at 20; both are known when the year is billed.
      name: 'bills all prices of a year together',
      terms: termsOf([yearly({ ramp: [{ from: '2026-07-01', quantity: '2' }] })], { end_date: '2027-01-01' }),
      expected: [
        [
          0,
          [
            ['2026-01-01', '2026-07-01', 1, 181000n],
            ['2026-07-01', '2027-01-01', 7, 368000n],
          ],
        ],
      ],
    },
    {
      name: 'bills fees in arrears at the end of each price',
      terms: termsOf([
        yearly({ model: flat('3650', 'in_arrears'), ...until('2026-06-10') }),
        yearly({ model: flat('7300', 'in_arrears'), ...from('2026-06-10'), ...until('2027-01-01') }),
      ]),
      expected: [
        [6, [['2026-01-01', '2026-06-10', 6, 160000n]]],
        [12, [['2026-06-10', '2027-01-01', 12, 410000n]]],
      ],
    },
    {
      name: 'raises the price with each of its own cycles, and begins steps with them',
      terms: termsOf(
        [
          yearly({ escalator: { every: 1, unit: 'cycles', percent: '10' } }),
          sold('support', flat('100'), { billing_cycle: YEARLY, ramp: [{ from: 2, model: flat('150') }] }),
        ],
        { end_date: '2028-01-01' },
      ),
      expected: [
        [
          0,
          [
            ['2026-01-01', '2027-01-01', 1, 365000n],
            ['2026-01-01', '2027-01-01', 1, 10000n],
          ],
        ],
        [
          12,
          [
            ['2027-01-01', '2028-01-01', 13, 401500n],
            ['2027-01-01', '2028-01-01', 13, 15000n],
          ],
        ],
      ],
    },
  ])('$name', ({ terms, expected }) => {
    expect(duringTwoYears(terms)).toEqual(expected)
  })

  it('knows the fees in arrears that are billed later', () => {
    const terms = termsOf([
      yearly({ model: flat('3650', 'in_arrears') }),
      sold('support', flat('10', 'in_arrears')),
    ])
    const year: Line = ['2026-01-01', '2027-01-01', 12, 365000n]
    expect([0, 1, 11, 12].map((k) => linesOf(arrearsAhead(basis(terms), k)))).toEqual([
      [],
      [year],
      [year],
      [],
    ])
  })

  it('measures a part of a year in seconds where the contract does', () => {
    // New York's 2026 has 8,760 hours; 205 days from 10 June on have 4,921, with the one that comes back in November.
    const terms = termsOf([yearly({ model: flat('8760'), ...from('2026-06-10') })], {
      timezone: 'America/New_York',
      proration: 'second',
    })
    expect(linesOf(recurringCharges(basis(terms), 5))).toEqual([['2026-06-10', '2027-01-01', 6, 492100n]])
  })

  it('waits for the end of a trial, on its day or at the boundary that it ends on', () => {
    // From 15 February 320 of 365 days are left, from 1 February 334.
    const inside = basis(termsOf([yearly({ trial_end_date: '2026-02-15' })], { end_date: '2027-01-01' }))
    expect(Array.from({ length: 13 }, (_, k) => recurringCharges(inside, k)).flat()).toEqual([])
    expect(linesOf(trialEndCharges(inside, 2))).toEqual([['2026-02-15', '2027-01-01', 2, 320000n]])
    expect(changeCharges(inside, [1], [])).toEqual([])
    expect(linesOf(changeCharges(inside, [2], []))).toEqual([['2026-02-15', '2027-01-01', 2, 320000n]])
    const onBoundary = basis(termsOf([yearly({ trial_end_date: '2026-02-01' })]))
    expect(trialEndCharges(onBoundary, 2)).toEqual([])
    expect(linesOf(recurringCharges(onBoundary, 1))).toEqual([['2026-02-01', '2027-01-01', 2, 334000n]])
  })
})

describe('changeCharges inside a year that is paid', () => {
  const paid = (products: ContractProduct[]): BilledFee[] => recurringCharges(basis(termsOf(products)), 0)
  const at = (boundary: number, terms: ContractTerms, billed: readonly BilledFee[]) =>
    linesOf(changeCharges(basis(terms), [boundary], billed))
  const june = '2026-06-10'

  it.each<{ name: string; after: ContractProduct[]; expected: Line[] }>([
    {
      // 3 × 3,650 × 205/365
      name: 'added seats are charged for its rest',
      after: [
        yearly({ quantity: '5', ...until(june) }),
        yearly({ quantity: '8', ...from(june), credit_removals: true }),
      ],
      expected: [[june, '2027-01-01', 6, 615000n]],
    },
    {
      name: 'seats that are taken away are credited where that is agreed',
      after: [
        yearly({ quantity: '5', ...until(june) }),
        yearly({ quantity: '4', ...from(june), credit_removals: true }),
      ],
      expected: [[june, '2027-01-01', 6, -205000n]],
    },
    {
      name: 'seats that are taken away are kept where it is not',
      after: [yearly({ quantity: '5', ...until(june) }), yearly({ quantity: '4', ...from(june) })],
      expected: [],
    },
    {
      name: 'another price is charged in place of the old one',
      after: [
        yearly({ quantity: '5', ...until(june) }),
        yearly({ quantity: '5', model: flat('7300'), ...from(june) }),
      ],
      expected: [
        [june, '2027-01-01', 6, -1025000n],
        [june, '2027-01-01', 6, 2050000n],
      ],
    },
    {
      name: 'a product that is taken out is credited',
      after: [yearly({ quantity: '5', ...until(june) })],
      expected: [[june, '2027-01-01', 6, -1025000n]],
    },
  ])('$name', ({ after, expected }) => {
    const billed = paid([yearly({ quantity: '5' })])
    const terms = termsOf(after)
    expect(at(6, terms, billed)).toEqual(expected)
    // Once: the next month finds it billed.
    const all = [...billed, ...changeCharges(basis(terms), [6], billed)]
    expect(at(7, terms, all)).toEqual([])
    expect(linesOf(changeCharges(basis(terms), [6, 7], all))).toEqual([])
  })

  it('names the part of its own year, and waits for the month of the change', () => {
    const terms = termsOf([
      yearly({ ...until('2026-09-10') }),
      yearly({ quantity: '2', ...from('2026-09-10') }),
    ])
    const billed = paid([yearly()])
    expect([6, 7, 8].flatMap((k) => at(k, terms, billed))).toEqual([])
    // From 10 September 113 days are left.
    const [line] = changeCharges(basis(terms), [9], billed)
    expect(line).toMatchObject({
      kind: 'change',
      amount: 113000n,
      serviceCycleNo: 9,
      detail: [{ description: 'Flat fee, 113/365 of the period', amount: '1130.00' }],
    })
  })

  it('looks at a year once, whichever of its months are held back', () => {
    const terms = termsOf([yearly(until(june)), yearly({ model: flat('365'), ...from(june) })])
    // −2,050 + 205: no invoice of June could take it.
    expect(linesOf(changeCharges(basis(terms), [6, 7, 8], paid([yearly()])))).toEqual([
      [june, '2027-01-01', 6, -205000n],
      [june, '2027-01-01', 6, 20500n],
    ])
  })

  it.each<{ name: string; more: Partial<ContractTerms>; expected: Line[] }>([
    {
      name: 'inside a month, with credit',
      more: { end_date: june, credits_unused: true },
      expected: [[june, '2027-01-01', 6, -205000n]],
    },
    {
      name: 'with a month, with credit',
      more: { end_date: '2026-07-01', credits_unused: true },
      expected: [['2026-07-01', '2027-01-01', 6, -184000n]],
    },
    { name: 'without credit', more: { end_date: june }, expected: [] },
  ])('the contract ends $name', ({ more, expected }) => {
    const terms = termsOf([yearly()], more)
    expect(at(6, terms, paid([yearly()]))).toEqual(expected)
    // The final run has nothing of fees, also while credit notes are still to be made.
    expect(at(7, terms, paid([yearly()]))).toEqual([])
  })

  it('credits years that were billed and never begin', () => {
    const product = yearly({ anchor_date: '2026-06-20' })
    const billed = [
      ...recurringCharges(basis(termsOf([product])), 0),
      ...recurringCharges(basis(termsOf([product])), 5),
    ]
    // From 1 January 170 of the 365 days up to 20 June, then a year.
    expect(linesOf(billed as Charge[]).map(([, , , amount]) => amount)).toEqual([170000n, 365000n])
    const ended = termsOf([product], { end_date: june, credits_unused: true })
    expect(at(6, ended, billed)).toEqual([
      [june, '2026-06-20', 6, -10000n],
      ['2026-06-20', '2027-06-20', 6, -365000n],
    ])
  })

  it('credits a product that was taken out on its first day', () => {
    const billed = recurringCharges(basis(termsOf([yearly(from(june))])), 5)
    const without = termsOf([sold('support', flat('10'))])
    expect(at(6, without, [...recurringCharges(basis(without), 5), ...billed])).toEqual([
      [june, '2027-01-01', 6, -205000n],
    ])
  })

  it('does not bill a year again whose first day is moved after it was billed', () => {
    const billed = recurringCharges(basis(termsOf([yearly(from(june))])), 5)
    const moved = termsOf([yearly(from('2026-07-05'))])
    // 25 days from 10 June to 5 July
    expect(at(6, moved, billed)).toEqual([[june, '2026-07-05', 6, -25000n]])
    expect(linesOf(recurringCharges(basis(moved), 6))).toEqual([['2026-07-05', '2027-01-01', 7, 180000n]])
    expect(recurringCharges(basis(moved), 6, billed)).toEqual([])
  })

  it('bills the rest of a year that the end of the contract cut and a renewal goes on with', () => {
    const term = termsOf([yearly()], { end_date: '2027-07-01' })
    const billed = recurringCharges(basis(term), 12)
    // 181 of 365 days, then 184
    expect(linesOf(billed)).toEqual([['2027-01-01', '2027-07-01', 13, 181000n]])
    const renewed = termsOf([yearly()], { end_date: '2029-01-01' })
    expect(recurringCharges(basis(renewed), 18, billed)).toEqual([])
    expect(at(17, renewed, billed)).toEqual([])
    // In advance: on the day on which they begin.
    expect(at(18, renewed, billed)).toEqual([['2027-07-01', '2028-01-01', 19, 184000n]])
    expect(at(19, renewed, billed)).toEqual([['2027-07-01', '2028-01-01', 19, 184000n]])
  })

  it('bills what begins with the next cycle at its boundary, and not before', () => {
    const terms = termsOf([yearly(until('2026-07-01')), yearly({ quantity: '3', ...from('2026-07-01') })])
    const billed = paid([yearly()])
    // Two more seats for the 184 days from 1 July on: 2 × 1,840
    expect(at(5, terms, billed)).toEqual([])
    expect(at(6, terms, billed)).toEqual([['2026-07-01', '2027-01-01', 7, 368000n]])
    const all = [...billed, ...changeCharges(basis(terms), [6], billed)]
    expect(at(7, terms, all)).toEqual([])
    const running = { ...closing(terms, 6, { billedFees: billed }), nextChange: 1 }
    expect(planChange(running).invoices).toEqual([])
  })

  it('bills a product that begins with the next cycle once, by its fee', () => {
    const terms = termsOf([sold('support', flat('30')), yearly(from('2026-07-01'))])
    const june = recurringCharges(basis(terms), 5)
    const [invoice] = planCycleClose(closing(terms, 6, { billedFees: june })).invoices
    expect(invoice!.lines.map(({ kind, productRef, amount }) => [kind, productRef, amount])).toEqual([
      ['recurring', 'support', 3000n],
      ['recurring', 'seats', 184000n],
    ])
  })
})

describe('the invoice of a month', () => {
  it('has the yearly fee once, and counts it in the month that it begins in', () => {
    const commitments = [
      {
        amount: '4000',
        period: 'year' as const,
        true_up: true,
        overage_factor: '1',
        product_ref: null,
        start_date: '2026-01-01',
        end_date: null,
      },
    ]
    const terms = termsOf([sold('support', flat('10', 'in_arrears')), yearly()], { commitments })
    const billedCycles = [
      { cycleNo: 1, fees: 365000n + 1000n, trueUp: 0n },
      ...Array.from({ length: 10 }, (_, place) => ({ cycleNo: place + 2, fees: 1000n, trueUp: 0n })),
    ]
    const plan = planCycleClose(closing(terms, 12, { billedCycles }))
    // 4,000 less 3,650 and 12 × 10; the year that begins counts in the next one.
    expect(plan.invoices[0]!.lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['recurring', 1000n],
      ['recurring', 365000n],
      ['true_up', 23000n],
    ])
  })

  it.each([
    // Of 113 days each: 3 seats at 1,130, and 5 at 1,130 less 20 %.
    {
      name: 'all seats',
      left: '0',
      expected: [
        [-339000n, -339000n],
        [-565000n, -452000n],
      ],
    },
    {
      name: 'the newest four',
      left: '4',
      expected: [
        [-339000n, -339000n],
        [-113000n, -90400n],
      ],
    },
  ])('gives credit of $name less the percents that were off each', ({ left, expected }) => {
    const launch = { name: 'Launch', type: 'percent' as const, value: '20', products: null }
    const discounts = [{ ...launch, from: null, until: '2026-04-01', cycles: null }]
    const day = '2026-09-10'
    const grown = [
      yearly({ quantity: '5', ...until('2026-06-10') }),
      yearly({ quantity: '8', ...from('2026-06-10') }),
    ]
    const first = recurringCharges(basis(termsOf([yearly({ quantity: '5' })])), 0)
    const billedFees = [...first, ...changeCharges(basis(termsOf(grown)), [6], first)]
    const terms = termsOf(
      [
        grown[0]!,
        { ...grown[1]!, ...until(day) },
        yearly({ quantity: left, ...from(day), credit_removals: true }),
        sold('support', flat('9000', 'in_arrears')),
      ],
      { discounts },
    )
    const [invoice] = planCycleClose(closing(terms, 9, { billedFees })).invoices
    const credits = invoice!.lines.filter(({ amount }) => amount < 0n)
    expect(credits.map(({ amount, netAmount }) => [amount, netAmount])).toEqual(expected)
    // And nothing more afterwards.
    expect(changeCharges(basis(terms), [10], [...billedFees, ...credits])).toEqual([])
  })

  it('shows a change to come on the invoice after the current one', () => {
    const terms = termsOf([
      yearly(until('2026-08-10')),
      yearly({ quantity: '2', ...from('2026-08-10'), ...until('2026-09-10') }),
      yearly({ quantity: '4', ...from('2026-09-10') }),
      sold('support', flat('30'), { trial_end_date: '2026-09-16' }),
    ])
    const billedFees = recurringCharges(basis(termsOf([yearly()])), 0)
    const current = planCycleClose(closing(terms, 8, { billedFees })).invoices.flatMap(({ lines }) => lines)
    // One more for the 31 days to 10 September, and three more for the 113 that are left from then on.
    expect(current.map(({ kind, amount }) => [kind, amount])).toEqual([['change', 31000n]])
    const next = closing(terms, 9, { billedFees })
    const plan = planCycleClose({ ...next, billedFees: feesBefore(next, current) })
    expect(plan.invoices[0]!.lines.map(({ kind, productRef, amount }) => [kind, productRef, amount])).toEqual(
      [
        ['recurring', 'support', 3000n],
        ['change', 'seats', 339000n],
      ],
    )
    expect(
      feesBefore(closing(termsOf([sold('seats', flat('1'))]), 9, { billedFees }), current),
    ).toBeUndefined()
  })

  it('gives credit less the discount that the year was billed with', () => {
    const launch = {
      name: 'Launch',
      type: 'percent' as const,
      value: '20',
      products: null,
      from: null,
      until: '2026-04-01',
      cycles: null,
    }
    const terms = termsOf(
      [yearly(until('2026-06-10')), yearly({ model: flat('7300'), ...from('2026-06-10') })],
      { discounts: [launch] },
    )
    const billedFees = recurringCharges(basis(termsOf([yearly()])), 0)
    const [invoice] = planCycleClose(closing(terms, 6, { billedFees })).invoices
    // −2,050 less 20 %, and 4,100 at the price of now
    expect(invoice!.lines.map(({ amount, netAmount }) => [amount, netAmount])).toEqual([
      [-205000n, -164000n],
      [410000n, 410000n],
    ])
    expect(invoice!.lines[0]).not.toHaveProperty('discountedAs')
  })
})
