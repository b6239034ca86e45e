import { describe, expect, it } from 'vitest'
import type { ContractTerms } from '../../../src/contracts/contract.ts'
import { planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import { unbilledOf } from '../../../src/invoicing/cycle/unbilled.ts'
import { earnedOf } from '../../../src/revenue/accrual/earned.ts'
import { billed, CALLS, closing, flat, sealed, unit, usage } from '../../invoicing/closing.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { Books, VOLUME } from './books.ts'

const quarterly = (products: ContractTerms['products'], more: Partial<ContractTerms> = {}): ContractTerms =>
  termsOf(products, { billing_cycle: { unit: 'QUARTERLY', cycle: 1 }, ...more })
const calls = (byMonth: Record<string, number>) => ({ calls: byMonth })
const rows = (posted: Books['posted']) => posted.map(({ on, of, amount }) => [on, of, amount])

describe('usage of a quarter', () => {
  const terms = quarterly([sold('calls', unit('1'))])

  it('is accrued month after month, and its invoice changes nothing', () => {
    const books = new Books(terms)
    expect(rows(books.accrue('2026-01', calls({ '2026-01': 10 })))).toEqual([
      ['2026-01-31', '2026-01-31', 1000n],
    ])
    books.lock('2026-01')
    expect(rows(books.accrue('2026-02', calls({ '2026-01': 10, '2026-02': 7 })))).toEqual([
      ['2026-02-28', '2026-02-28', 700n],
    ])
    books.lock('2026-02')
    expect(rows(books.accrue('2026-03', calls({ '2026-01': 10, '2026-02': 7, '2026-03': 5 })))).toEqual([
      ['2026-03-31', '2026-03-31', 500n],
    ])
    books.lock('2026-03')
    const [invoice] = books.invoice(calls({ '2026-01': 10, '2026-02': 7, '2026-03': 5 }))
    expect(invoice!.subTotal).toBe(2200n)
    expect(books.months()).toEqual({ '2026-01': 1000n, '2026-02': 700n, '2026-03': 500n })
    // Taken back and billed in April, the first open month: nothing of it is left there.
    expect(books.months('on')).toEqual({ '2026-01': 1000n, '2026-02': 700n, '2026-03': 500n })
  })

  it('leaves a locked month, and posts what comes late in the first open one with its day', () => {
    const books = new Books(terms)
    books.accrue('2026-01', calls({ '2026-01': 10 }))
    books.lock('2026-01')
    expect(rows(books.accrue('2026-02', calls({ '2026-01': 14, '2026-02': 7 })))).toEqual([
      ['2026-02-01', '2026-01-31', 400n],
      ['2026-02-28', '2026-02-28', 700n],
    ])
    books.lock('2026-02')
    // 3 of January were voided, and 1 of February came, before the invoice.
    books.invoice(calls({ '2026-01': 11, '2026-02': 8 }))
    expect(books.months()).toEqual({ '2026-01': 1100n, '2026-02': 800n })
    // January 10.00 as locked; February 4.00 + 7.00 as locked; March 11.00 − 14.00 + 8.00 − 7.00 = −2.00.
    expect(books.months('on')).toEqual({ '2026-01': 1000n, '2026-02': 1100n, '2026-03': -200n })
  })

  it('waits for the criteria for a contract, and has it all on the day on which they are met', () => {
    const used = calls({ '2026-01': 10, '2026-02': 7, '2026-03': 5 })
    const books = new Books(terms, 1, { unmet: { primary: [{ from: '2026-01-01', until: '2026-03-10' }] } })
    expect(books.accrue('2026-01', used)).toEqual([])
    expect(books.accrue('2026-02', used)).toEqual([])
    expect(rows(books.accrue('2026-03', used))).toEqual([
      ['2026-03-10', '2026-03-10', 1700n],
      ['2026-03-31', '2026-03-31', 500n],
    ])
    books.invoice(used)
    expect(books.months()).toEqual({ '2026-03': 2200n })
  })

  it('is taken back where the criteria turn out not to be met', () => {
    const books = new Books(terms)
    books.accrue('2026-01', calls({ '2026-01': 10 }))
    books.judge({ primary: [{ from: '2026-01-01' }] })
    expect(rows(books.accrue('2026-02', calls({ '2026-01': 10, '2026-02': 7 })))).toEqual([
      ['2026-01-31', '2026-01-31', -1000n],
    ])
  })

  it('does not count what is used after the month', () => {
    const books = new Books(terms)
    expect(rows(books.accrue('2026-01', calls({ '2026-01': 10, '2026-02': 99 })))).toEqual([
      ['2026-01-31', '2026-01-31', 1000n],
    ])
  })

  it('has each month under its own day when all is accrued at once', () => {
    const books = new Books(terms)
    expect(rows(books.accrue('2026-02', calls({ '2026-01': 10, '2026-02': 7 })))).toEqual([
      ['2026-01-31', '2026-01-31', 1000n],
      ['2026-02-28', '2026-02-28', 700n],
    ])
  })

  it('is taken back where its events are voided', () => {
    const books = new Books(terms)
    books.accrue('2026-01', calls({ '2026-01': 10 }))
    expect(rows(books.accrue('2026-02', calls({})))).toEqual([['2026-01-31', '2026-01-31', -1000n]])
    expect(books.accrue('2026-02', calls({}))).toEqual([])
  })
})

describe('what an invoice could not take back', () => {
  const terms = termsOf([sold('calls', VOLUME)], {
    discounts: [
      {
        type: 'percent',
        value: '10',
        name: 'Discount',
        products: null,
        from: null,
        until: null,
        cycles: null,
      },
    ],
  })
  /** 100 calls of January were billed; 60 more are known by the end of February, and nothing is used any more. */
  const corrected = usage('calls', { '2026-01': '160' })
  const input = closing(terms, 2, {
    sealed: sealed(2, [], [{ ...corrected, cycleNo: 1 }]),
    billed: [billed('calls', 1, '100', { '2026-01': 10_000n })],
  })

  it('is earned no longer, in its month and with its discount, while no invoice is large enough', () => {
    expect(planCycleClose(input)).toMatchObject({ invoices: [], heldBack: [{ cycleNo: 1 }] })
    const [earned] = earnedOf({
      contract: input.contract,
      unbilled: unbilledOf(input).unbilled,
      recognitionOf: new Map([['calls', 'usage']]),
      planned: [],
      lastDay: '2026-02-28',
      timezone: 'UTC',
    })
    // 160 × 0.50 less 100 × 1.00 are −20.00, of which 10 % were no revenue.
    expect(earned).toMatchObject({ boundary: 2, productRef: 'calls' })
    expect(earned!.portions).toMatchObject([{ date: '2026-01-31', amount: -1_800n }])
  })
})

describe('a cycle from the 15th', () => {
  const terms = termsOf([sold('calls', unit('1')), sold('support', flat('31', 'in_arrears'))], {
    start_date: '2026-01-15',
    anchor_date: '2026-01-15',
  })

  it('has its days of January under January, and is billed in February', () => {
    const books = new Books(terms)
    // 15 to 31 January are 17 of 31 days.
    expect(
      books
        .accrue('2026-01', calls({ '2026-01': 6 }))
        .map(({ on, product, amount }) => [on, product, amount])
        .sort(),
    ).toEqual([
      ['2026-01-31', 'calls', 600n],
      ['2026-01-31', 'support', 1700n],
    ])
    books.invoice(calls({ '2026-01': 6, '2026-02': 4 }))
    expect(books.months()).toEqual({ '2026-01': 2300n, '2026-02': 1800n })
    const days = books.posted.filter(({ product }) => product === 'support')
    // Accrued, taken back, and 31 days of 1.00.
    expect(days).toHaveLength(33)
  })
})

describe('tiers', () => {
  it('graduated: each month has its place in them', () => {
    const books = new Books(quarterly([sold('calls', CALLS)]))
    // 60 × 0.10; 150 are 100 × 0.10 + 50 × 0.05 = 12.50, so February 6.50.
    expect(rows(books.accrue('2026-01', calls({ '2026-01': 60 })))).toEqual([
      ['2026-01-31', '2026-01-31', 600n],
    ])
    expect(rows(books.accrue('2026-02', calls({ '2026-01': 60, '2026-02': 90 })))).toEqual([
      ['2026-02-28', '2026-02-28', 650n],
    ])
  })

  it('graduated: late usage of January moves February up its tiers', () => {
    const books = new Books(quarterly([sold('calls', CALLS)]))
    books.accrue('2026-02', calls({ '2026-01': 60, '2026-02': 90 }))
    // January 100 × 0.10 = 10.00, and February 90 × 0.05 = 4.50 in place of 6.00 and 6.50.
    expect(rows(books.accrue('2026-02', calls({ '2026-01': 100, '2026-02': 90 })))).toEqual([
      ['2026-01-31', '2026-01-31', 400n],
      ['2026-02-28', '2026-02-28', -200n],
    ])
  })

  it('volume: the price of all moves the months before, also where they are locked', () => {
    const books = new Books(quarterly([sold('calls', VOLUME)]))
    expect(rows(books.accrue('2026-01', calls({ '2026-01': 100 })))).toEqual([
      ['2026-01-31', '2026-01-31', 10000n],
    ])
    books.lock('2026-01')
    // 300 × 0.50 = 150.00: a third and two thirds of it.
    expect(rows(books.accrue('2026-02', calls({ '2026-01': 100, '2026-02': 200 })))).toEqual([
      ['2026-02-01', '2026-01-31', -5000n],
      ['2026-02-28', '2026-02-28', 10000n],
    ])
    books.invoice(calls({ '2026-01': 100, '2026-02': 200, '2026-03': 100 }))
    expect(books.months()).toEqual({ '2026-01': 5000n, '2026-02': 10000n, '2026-03': 5000n })
  })
})

describe('what hangs on the end of the cycle', () => {
  it.each([
    ['a minimum', unit('1')],
    ['a minimum of volume tiers', VOLUME],
  ])('%s is not accrued before it is over', (_, model) => {
    const books = new Books(quarterly([sold('calls', model, { modifiers: { minimum_amount: '500' } })]))
    books.accrue('2026-01', calls({ '2026-01': 10 }))
    books.accrue('2026-02', calls({ '2026-01': 10, '2026-02': 5 }))
    expect(books.months()).toEqual({ '2026-01': 1000n, '2026-02': 500n })
    books.invoice(calls({ '2026-01': 10, '2026-02': 5 }))
    expect(books.months()).toEqual({ '2026-01': 1000n, '2026-02': 500n, '2026-03': 48500n })
  })

  it('a commitment is a floor under the quarter, by its days', () => {
    const commitment = {
      amount: '500',
      period: 'cycle' as const,
      true_up: true,
      overage_factor: '1',
      product_ref: null,
      start_date: '2026-01-01',
      end_date: null,
    }
    const books = new Books(quarterly([sold('calls', unit('1'))], { commitments: [commitment] }))
    // 500 × 31/90 = 172.22, of which 10.00 are calls; February ends at 500 × 59/90 = 327.78.
    expect(rows(books.accrue('2026-01', calls({ '2026-01': 10 })))).toEqual([
      ['2026-01-31', '2026-01-31', 16222n],
      ['2026-01-31', '2026-01-31', 1000n],
    ])
    books.lock('2026-01')
    // 400 calls of February fill what January was short of: 410.00 so far, 172.22 of it in January.
    expect(rows(books.accrue('2026-02', calls({ '2026-01': 10, '2026-02': 400 })))).toEqual([
      ['2026-02-28', '2026-02-28', -16222n],
      ['2026-02-28', '2026-02-28', 40000n],
    ])
    const [invoice] = books.invoice(calls({ '2026-01': 10, '2026-02': 400 }))
    expect(invoice!.lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['usage', 41000n],
      ['true_up', 9000n],
    ])
    expect(books.months()).toEqual({ '2026-01': 17222n, '2026-02': 23778n, '2026-03': 9000n })
    expect(books.months('on')).toEqual(books.months())
  })
})

describe('a fee in arrears', () => {
  const terms = quarterly([sold('support', flat('90', 'in_arrears'))])

  it.each([
    ['daily', [3100n, 2800n, 3100n]],
    ['month_even', [3000n, 3000n, 3000n]],
  ] as const)('recognised %s', (method, [january, february, march]) => {
    const books = new Books(terms, 1, { methods: { support: method } })
    expect(books.accrue('2026-01').map(({ amount }) => amount)).toEqual([january])
    expect(books.accrue('2026-02').map(({ amount }) => amount)).toEqual([february])
    books.invoice()
    expect(books.months()).toEqual({ '2026-01': january, '2026-02': february, '2026-03': march })
  })

  it.each(['point_in_time', 'milestone', 'units'] as const)('recognised by %s waits', (method) => {
    expect(new Books(terms, 1, { methods: { support: method } }).accrue('2026-02')).toEqual([])
  })

  it('that a plan covers is left to it, and usage is not', () => {
    const both = quarterly([sold('support', flat('90', 'in_arrears')), sold('calls', unit('1'))])
    const posted = new Books(both, 1, { planned: ['support'] }).accrue('2026-01', calls({ '2026-01': 10 }))
    expect(posted.map(({ product }) => product)).toEqual(['calls'])
  })
})

describe('a fee in arrears with a cycle of its own', () => {
  const own = { billing_cycle: { unit: 'QUARTERLY' as const, cycle: 1 } }

  it('is accrued through the cycles of its contract, up to the one that bills it', () => {
    // 90.00 a quarter in a contract that bills by the month: 1.00 a day.
    const books = new Books(termsOf([sold('support', flat('90', 'in_arrears'), own)]))
    expect(books.invoice()).toEqual([])
    expect(rows(books.accrue('2026-01'))).toEqual([['2026-01-31', '2026-01-31', 3100n]])
    books.lock('2026-01')
    expect(books.invoice()).toEqual([])
    expect(rows(books.accrue('2026-02'))).toEqual([['2026-02-28', '2026-02-28', 2800n]])
    const [invoice] = books.invoice()
    expect(invoice!.subTotal).toBe(9000n)
    expect(books.months()).toEqual({ '2026-01': 3100n, '2026-02': 2800n, '2026-03': 3100n })
    expect(books.months('on')).toEqual({ '2026-01': 3100n, '2026-02': 2800n, '2026-03': 3100n })
  })

  it('has the price of each day of a ramp, and the discount of its invoice', () => {
    const ramp = [{ from: '2026-02-01', model: flat('180', 'in_arrears') }]
    const off = {
      name: 'Off',
      type: 'percent' as const,
      value: '50',
      products: null,
      from: null,
      until: null,
    }
    const terms = termsOf([sold('support', flat('90', 'in_arrears'), { ...own, ramp })], {
      discounts: [{ ...off, cycles: null }],
    })
    const books = new Books(terms)
    // Half of 31 days at 1.00, billed with January; half of 28 days at 2.00.
    expect(books.invoice()).toMatchObject([{ subTotal: 3100n, total: 1550n }])
    books.invoice()
    expect(rows(books.accrue('2026-02'))).toEqual([['2026-02-28', '2026-02-28', 2800n]])
    expect(books.invoice()).toMatchObject([{ total: 5900n }])
    expect(books.months()).toEqual({ '2026-01': 1550n, '2026-02': 2800n, '2026-03': 3100n })
  })
})

describe('what else the invoice decides', () => {
  it('nets discounts, and leaves fees in advance of the next cycle to themselves', () => {
    const discount = { name: '10 %', type: 'percent' as const, value: '10', products: null }
    const terms = quarterly([sold('calls', unit('1')), sold('seats', flat('100'))], {
      discounts: [{ ...discount, from: null, until: null, cycles: null }],
    })
    const posted = new Books(terms).accrue('2026-01', calls({ '2026-01': 10 }))
    expect(posted.map(({ product, amount }) => [product, amount])).toEqual([['calls', 900n]])
  })

  it('accrues a fee in advance that is earned while its invoice is missing', () => {
    // The first invoice of 31.00 for January, which is due on 1 January, was not made.
    const books = new Books(termsOf([sold('seats', flat('31'))]), 0)
    expect(rows(books.accrue('2026-01'))).toEqual([['2026-01-31', '2026-01-31', 3100n]])
  })

  it('leaves out usage that is charged as it happens', () => {
    const terms = quarterly([sold('calls', unit('1'), { bill: 'advance' })])
    expect(new Books(terms).accrue('2026-01', calls({ '2026-01': 10 }))).toEqual([])
  })
})

describe('two runs', () => {
  it('from one state write the same rows, of which a table takes one', () => {
    const books = new Books(quarterly([sold('calls', unit('1'))]))
    books.accrue('2026-01', calls({ '2026-01': 10 }))
    const plan = () => books.plan('2026-02', calls({ '2026-01': 12, '2026-02': 7 })).entries
    expect(plan()).toEqual(plan())
    expect(new Set(plan().map(({ id }) => id)).size).toBe(2)
  })
})
