import { describe, expect, it } from 'vitest'
import type { ContractProduct, ContractTerms } from '../../src/contracts/contract.ts'
import { recurringCharges } from '../../src/invoicing/charges/fee-charge.ts'
import type { BilledFee } from '../../src/invoicing/charges/paid-part.ts'
import type { LineReversal } from '../../src/invoicing/corrections/line-reversal.ts'
import type { OwedCredit } from '../../src/invoicing/corrections/owed-credit.ts'
import { type CreditableLine, givenBack } from '../../src/invoicing/corrections/owed-lines.ts'
import { planChange } from '../../src/invoicing/cycle/change-plan.ts'
import { type CycleCloseInput, planCycleClose } from '../../src/invoicing/cycle/cycle-close.ts'
import type { InvoiceLine } from '../../src/invoicing/invoice.ts'
import { sold, termsOf } from '../support/contract-terms.ts'
import { billed, CALLS, closing, flat, PRODUCTS, sealed, usage } from './closing.ts'

const seats = (amount: string, more: Partial<ContractProduct> = {}) => sold('seats', flat(amount), more)
const paidFor = (terms: ContractTerms, n: number): BilledFee[] =>
  recurringCharges({ terms, products: PRODUCTS, rounding: 'half_up' }, n - 1)
const close = (terms: ContractTerms, boundary: number, more: Partial<CycleCloseInput> = {}) =>
  planCycleClose(closing(terms, boundary, more))
const lines = (plan: Pick<ReturnType<typeof planCycleClose>, 'invoices'>) =>
  plan.invoices.flatMap((invoice) => invoice.lines.map(({ kind, amount }) => [kind, amount]))

describe('credit for days after a change', () => {
  it('comes on the next invoice, beside the fees of the next cycle', () => {
    const paid = paidFor(termsOf([seats('10')]), 3)
    const terms = termsOf([
      seats('10', { billing_end_date: '2026-03-15' }),
      seats('5', { billing_start_date: '2026-03-15' }),
    ])
    // 10 × 17/31 = 5.4838… and 5 × 17/31 = 2.7419…
    const plan = close(terms, 3, { billedFees: paid })
    expect(lines(plan)).toEqual([
      ['recurring', 500n],
      ['change', -548n],
      ['change', 274n],
    ])
    expect([plan.invoices[0]!.total, plan.heldChanges, plan.owedCredits]).toEqual([226n, [], []])
  })

  it('waits for an invoice that can take it', () => {
    const year = [seats('10'), sold('support', flat('310'))]
    const paid = paidFor(termsOf(year), 3)
    const left = termsOf([seats('10'), sold('support', flat('310'), { billing_end_date: '2026-03-02' })])
    // 310 × 30/31 = 300, and April costs 10: it is held back with its cycle.
    const held = close(left, 3, { billedFees: paid })
    expect([lines(held), held.heldChanges]).toEqual([[['recurring', 1000n]], [3]])
    // In May there is a setup fee of 500.
    const setup = sold('setup', flat('500'), { billing_start_date: '2026-05-01' })
    const later = { ...left, products: [...left.products, setup] }
    const taken = close(later, 4, {
      billedFees: [...paid, ...paidFor(left, 4)],
      heldChanges: held.heldChanges,
    })
    expect([lines(taken), taken.heldChanges]).toEqual([
      [
        ['recurring', 1000n],
        ['one_time', 50000n],
        ['change', -30000n],
      ],
      [],
    ])
  })

  it('is owed where no invoice is to come, and the last one bills its usage', () => {
    const paid = paidFor(termsOf([seats('310'), sold('calls', CALLS)]), 3)
    const ended = termsOf([seats('310'), sold('calls', CALLS)], {
      end_date: '2026-03-02',
      credits_unused: true,
    })
    const plan = close(ended, 3, {
      billedFees: paid,
      sealed: sealed(3, [usage('calls', { '2026-03': '20' })]),
    })
    // 20 × 0.10; 310 × 30/31 = 300.
    expect(lines(plan)).toEqual([['usage', 200n]])
    expect(plan.owedCredits).toEqual([
      {
        of: 'fees',
        productRef: 'seats',
        cycleNo: 3,
        amount: '30000',
        serviceStart: '2026-03-02',
        serviceEnd: '2026-04-01',
      },
    ])
    expect(plan.effects.map(({ topic, payload }) => [topic, payload])).toContainEqual([
      'owed_credit',
      { contractRef: 'acme-2026', boundary: 3 },
    ])
  })

  it('is owed for the days of each change', () => {
    // 31.00 was billed for March: half of the ten days from the 11th on comes back, and the eleven from the 21st on.
    const paid = paidFor(termsOf([seats('31')]), 3)
    const cut = [
      seats('31', { billing_end_date: '2026-03-11' }),
      seats('15.5', { billing_start_date: '2026-03-11', billing_end_date: '2026-03-21' }),
    ]
    const plan = close(termsOf(cut, { end_date: '2026-03-21', credits_unused: true }), 3, {
      billedFees: paid,
    })
    expect(plan.invoices).toEqual([])
    expect(plan.owedCredits.map(({ amount, serviceStart }) => [amount, serviceStart])).toEqual([
      ['1100', '2026-03-21'],
      ['500', '2026-03-11'],
    ])
  })

  it('comes on the last invoice where that has usage enough', () => {
    const paid = paidFor(termsOf([seats('31')]), 3)
    const ended = termsOf([seats('31'), sold('calls', CALLS)], {
      end_date: '2026-03-22',
      credits_unused: true,
    })
    const plan = close(ended, 3, {
      billedFees: paid,
      sealed: sealed(3, [usage('calls', { '2026-03': '200' })]),
    })
    // 100 × 0.10 + 100 × 0.05 = 15; 31 × 10/31 = 10.
    expect([lines(plan), plan.owedCredits]).toEqual([
      [
        ['usage', 1500n],
        ['change', -1000n],
      ],
      [],
    ])
  })
})

describe('a change that is billed at once', () => {
  const before = paidFor(termsOf([seats('10')]), 3)
  const changeTo = (amount: string) => {
    const terms = termsOf([
      seats('10', { billing_end_date: '2026-03-15' }),
      seats(amount, { billing_start_date: '2026-03-15' }),
    ])
    return planChange({ ...closing(terms, 3, { billedFees: before }), nextChange: 1 })
  }

  it('has an invoice of its own', () => {
    const plan = changeTo('20')
    expect(plan.invoices).toMatchObject([{ cycleNo: 3, changeNo: 1, total: 549n, periodStart: '2026-03-01' }])
    expect(plan.next).toEqual({ billsChangeAt: null })
    const again = planCycleClose({
      ...closing(
        termsOf([
          seats('10', { billing_end_date: '2026-03-15' }),
          seats('20', { billing_start_date: '2026-03-15' }),
        ]),
        3,
      ),
      billedFees: [...before, ...plan.invoices[0]!.lines],
    })
    expect(lines(again)).toEqual([['recurring', 2000n]])
    expect(again.invoices[0]!.id).not.toBe(plan.invoices[0]!.id)
  })

  it('is left to the boundary where it comes to less than nothing', () => {
    expect(changeTo('5').invoices).toEqual([])
  })

  it('bills each trial when it is over, and not with one that is over before', () => {
    const terms = termsOf([
      seats('31', { trial_end_date: '2026-03-11' }),
      sold('support', flat('31'), { trial_end_date: '2026-03-21' }),
    ])
    const billedOn = (day: string, billedFees: BilledFee[]) =>
      planChange({ ...closing(terms, 3, { billedFees }), now: Date.parse(`${day}T12:00:00Z`), nextChange: 1 })
    // 21 of 31 days are left on the 11th, and 11 on the 21st.
    const first = billedOn('2026-03-11', [])
    expect([lines(first), first.next.billsChangeAt]).toEqual([
      [['change', 2100n]],
      Date.parse('2026-03-21T00:00:00Z'),
    ])
    expect(lines(billedOn('2026-03-21', first.invoices[0]!.lines))).toEqual([['change', 1100n]])
  })
})

describe('the final run', () => {
  const terms = termsOf([sold('calls', CALLS), seats('10')], { end_date: '2026-03-01' })

  it('comes after the last boundary of a contract with usage, once', () => {
    // 1 March and 35 days are 5 April.
    const last = close(terms, 2)
    expect(last.next).toMatchObject({ nextCycle: 3, nextCloseAt: Date.parse('2026-04-05'), status: 'ended' })
    expect(close({ ...terms, max_lateness_days: 7 }, 2).next.nextCloseAt).toBe(Date.parse('2026-03-08'))
    expect(close(terms, 3).next).toMatchObject({ nextCycle: 4, nextCloseAt: null })
    expect(close(termsOf([seats('10')], { end_date: '2026-03-01' }), 2).next.nextCloseAt).toBeNull()
  })

  it('bills what came late, under the period of the last cycle', () => {
    const late = sealed(3, [], [{ cycleNo: 2, ...usage('calls', { '2026-02': '20' }) }])
    const plan = close(terms, 3, { sealed: late, billed: [billed('calls', 2, '10', { '2026-02': 100n })] })
    expect(lines(plan)).toEqual([['usage_adjustment', 100n]])
    expect(plan.invoices[0]).toMatchObject({ cycleNo: 3, periodStart: '2026-02-01', periodEnd: '2026-03-01' })
  })

  it('owes what late usage takes back', () => {
    const late = sealed(3, [], [{ cycleNo: 2, ...usage('calls', { '2026-02': '4' }) }])
    const plan = close(terms, 3, { sealed: late, billed: [billed('calls', 2, '10', { '2026-02': 100n })] })
    expect([plan.invoices, plan.heldBack]).toEqual([[], []])
    expect(plan.owedCredits).toMatchObject([{ of: 'usage', productRef: 'calls', cycleNo: 2, amount: '60' }])
  })

  describe('of a contract with a commitment', () => {
    const commitment = {
      amount: '50',
      period: 'cycle',
      true_up: true,
      overage_factor: '1',
      product_ref: 'seats',
      start_date: '2026-01-01',
      end_date: null,
    } as const
    const taxes = { tax_percent: '10', commitments: [commitment] }
    const untaxed = sold('calls', CALLS, { taxes: [] })
    const committed = termsOf([untaxed, seats('10')], { end_date: '2026-03-01', ...taxes })
    /** 1.00 of calls and 19.00 of fees left 30.00 of the commitment; then the calls come to another quantity. */
    const lateOf = (quantity: string) =>
      close(committed, 3, {
        billedCycles: [{ cycleNo: 2, fees: 2000n, trueUp: 3000n }],
        sealed: sealed(3, [], [{ cycleNo: 2, ...usage('calls', { '2026-02': quantity }) }]),
        billed: [billed('calls', 2, '10', { '2026-02': 100n })],
      })

    it('leaves a true-up as it was settled', () => {
      expect(lateOf('10')).toMatchObject({ invoices: [], owedCredits: [] })
    })

    it('owes of a true-up what late usage fills and its own invoice cannot take', () => {
      // 2.00 more of calls and 2.00 less of the true-up, with 0.20 of tax: −0.20 is no invoice.
      const plan = lateOf('30')
      expect(lines(plan)).toEqual([['usage_adjustment', 200n]])
      expect(plan.owedCredits).toEqual([
        {
          of: 'commitment',
          productRef: 'seats',
          cycleNo: 2,
          amount: '200',
          serviceStart: '2026-02-01',
          serviceEnd: '2026-03-01',
        },
      ])
    })

    it('bills of the commitment what is given back of usage', () => {
      // 0.60 less of calls, so 30.60 are left of the commitment.
      const plan = lateOf('4')
      expect(lines(plan)).toEqual([['true_up', 60n]])
      expect(plan.owedCredits).toMatchObject([{ of: 'usage', amount: '60' }])
    })

    it('knows what the last invoice gave back', () => {
      // Fees of 20.00 were billed and 5.00 of them given back, so that 35.00 were left, and billed.
      const owed: OwedCredit = {
        of: 'fees',
        productRef: 'seats',
        cycleNo: 2,
        amount: '500',
        serviceStart: '2026-02-15',
        serviceEnd: '2026-03-01',
      }
      const cycles = [{ cycleNo: 2, fees: 2000n, trueUp: 3500n }]
      expect(close(committed, 3, { billedCycles: cycles, owedBefore: [owed] }).invoices).toEqual([])
    })
  })
})

describe('givenBack', () => {
  const line = (id: string, amount: bigint, more: Partial<InvoiceLine> = {}): CreditableLine => ({
    invoiceId: `inv-${id}`,
    before: [],
    line: {
      id,
      position: 1,
      kind: 'recurring',
      productRef: 'seats',
      description: 'seats',
      serviceStart: '2026-03-01',
      serviceEnd: '2026-04-01',
      serviceCycleNo: 3,
      quantity: '1',
      unitAmount: '10',
      amount,
      discount: 0n,
      netAmount: amount,
      taxPercent: '0',
      taxes: [],
      detail: [],
      usageByMonth: {},
      ...more,
    },
  })
  const owed: OwedCredit = {
    of: 'fees',
    productRef: 'seats',
    cycleNo: 3,
    amount: '1548',
    serviceStart: '2026-03-15',
    serviceEnd: '2026-04-01',
  }
  const added = line('b', 1000n, { kind: 'change', serviceStart: '2026-03-15' })

  it('takes of each line what it billed for the days, the newest first', () => {
    // All 10.00 of the added line, and 10 × 17/31 = 5.48 of the first.
    expect(givenBack([owed], [added, line('a', 1000n)])).toEqual([
      {
        invoiceId: 'inv-b',
        credit: { lineId: 'b', amount: 1000n, serviceStart: '2026-03-15', serviceEnd: '2026-04-01' },
      },
      {
        invoiceId: 'inv-a',
        credit: { lineId: 'a', amount: 548n, serviceStart: '2026-03-15', serviceEnd: '2026-04-01' },
      },
    ])
  })

  it('takes no days a second time that a write-off took', () => {
    // 17 days of 31 billed 5.48, and half of that, 2.74, was written off.
    const written = { lineId: 'a', amount: 274n, serviceStart: '2026-03-15', serviceEnd: '2026-04-01' }
    const a = { ...line('a', 1000n), before: [written as LineReversal] }
    // A share is rounded up: 5.49 less 2.74, and what that cannot give comes from the line before.
    expect(givenBack([{ ...owed, amount: '548' }], [a])).toMatchObject([{ credit: { amount: 275n } }])
    expect(givenBack([{ ...owed, amount: '548' }], [a, line('b', 1000n)])).toMatchObject([
      { credit: { lineId: 'a', amount: 275n } },
      { credit: { lineId: 'b', amount: 273n } },
    ])
  })

  it('takes the net of a line, and no more than is left of it', () => {
    const discounted = line('a', 1000n, { netAmount: 500n })
    expect(givenBack([{ ...owed, amount: '548' }], [discounted])[0]?.credit.amount).toBe(274n)
    const before = { lineId: 'a', amount: 900n, serviceStart: '2026-03-01', serviceEnd: '2026-03-15' }
    const credited = { ...line('a', 1000n), before: [before as LineReversal] }
    expect(givenBack([{ ...owed, amount: '548' }], [credited])[0]?.credit.amount).toBe(100n)
  })

  it('passes over lines of another product, cycle or kind, and those that gave credit', () => {
    const others = [
      line('p', 1000n, { productRef: 'support' }),
      line('c', 1000n, { serviceStart: '2026-04-01', serviceEnd: '2026-05-01' }),
      line('k', 1000n, { kind: 'usage' }),
      line('n', -548n, { kind: 'change' }),
    ]
    expect(givenBack([owed], others)).toEqual([])
  })
  it('names a line once for its days, and takes no more of it than it billed', () => {
    // Of 5.48 owed by one cycle and 10.00 by another the line has billed 5.49 for the days.
    const twice = [
      { ...owed, amount: '400' },
      { ...owed, cycleNo: 4, amount: '1000' },
    ]
    expect(givenBack(twice, [line('a', 1000n)])).toMatchObject([{ credit: { lineId: 'a', amount: 549n } }])
  })

  it('gives back a price that was cut and the days that were cancelled after it, each for its days', () => {
    // 31.00 for March: half of it from the 11th on is 10.50, and the other half from the 21st on 5.50.
    const cut = { ...owed, amount: '1050', serviceStart: '2026-03-11' }
    const cancelled = { ...owed, amount: '550', serviceStart: '2026-03-21' }
    const parts = givenBack([cancelled, cut], [line('a', 3100n)])
    expect(parts.map(({ credit }) => [credit.amount, credit.serviceStart, credit.serviceEnd])).toEqual([
      [550n, '2026-03-21', '2026-04-01'],
      [1050n, '2026-03-11', '2026-04-01'],
    ])
  })

  describe('where an invoice has credited an earlier one', () => {
    const of = (parts: ReturnType<typeof givenBack>) =>
      parts.map(({ invoiceId, credit }) => [invoiceId, credit.lineId, credit.amount])
    const on = (invoiceId: string, one: CreditableLine) => ({ ...one, invoiceId })
    const change = { kind: 'change', serviceStart: '2026-03-15' } as const
    // From 10 to 20 on the 15th: −10 × 17/31 and 20 × 17/31, 5.49 in all.
    const upgraded = [
      on('inv-b', line('dear', 1097n, change)),
      on('inv-b', line('credit', -548n, change)),
      line('a', 1000n),
    ]

    it('gives no more than each has charged', () => {
      // 20 × 12/31 = 7.74 from the 20th on: 5.49 of the second invoice, and 2.25 of the first.
      const late = { ...owed, amount: '774', serviceStart: '2026-03-20' }
      const parts = givenBack([late], upgraded)
      expect(of(parts)).toEqual([
        ['inv-b', 'dear', 774n],
        ['inv-b', 'credit', -225n],
        ['inv-a', 'a', 225n],
      ])
      // What the first gives instead is for the days that it was credited for.
      expect(parts[2]!.credit).toMatchObject({ serviceStart: '2026-03-15', serviceEnd: '2026-04-01' })
    })

    it('leaves room for the taxes of parts, which are rounded one by one', () => {
      const tax = { name: 'VAT', percent: '10', inclusive: false, reason: null, note: null, tax: '0.00' }
      const taxed = upgraded.map((one) => ({ ...one, line: { ...one.line, taxes: [tax] } }))
      const late = { ...owed, amount: '774', serviceStart: '2026-03-20' }
      // A cent for each tax of the two lines
      expect(of(givenBack([late], taxed))).toEqual([
        ['inv-b', 'dear', 774n],
        ['inv-b', 'credit', -227n],
        ['inv-a', 'a', 227n],
      ])
    })

    it('goes on with the product that was credited', () => {
      const lines = [
        on('inv-b', line('seats', 15000n)),
        on('inv-b', line('less', -10000n, { ...change, productRef: 'support' })),
        line('a', 18250n, { productRef: 'support' }),
      ]
      const whole = { ...owed, amount: '15000', serviceStart: '2026-03-01' }
      // 15 × 17/31 = 82.26 of seats are less than the 50.00 that were charged and 32.26 of support.
      expect(of(givenBack([{ ...owed, amount: '8226' }], lines))).toEqual([
        ['inv-b', 'seats', 8226n],
        ['inv-b', 'less', -3226n],
        ['inv-a', 'a', 3226n],
      ])
      expect(of(givenBack([whole], lines))).toEqual([
        ['inv-b', 'seats', 15000n],
        ['inv-b', 'less', -10000n],
        ['inv-a', 'a', 10000n],
      ])
    })

    it('keeps apart, by its days, what an invoice owes and what it gives in place of another', () => {
      const lines = [
        on('inv-b', line('seats', 15000n)),
        on('inv-b', line('less', -10000n, { ...change, productRef: 'support' })),
        line('a', 31000n, { productRef: 'support' }),
      ]
      const late = { ...owed, serviceStart: '2026-03-20' }
      const both = [
        { ...late, amount: '5806' },
        { ...late, productRef: 'support', amount: '4000' },
      ]
      // 58.06 of seats are more than the 50.00 that were charged: 8.06 of support come from the 15th on.
      expect(givenBack(both, lines).slice(1)).toMatchObject([
        { credit: { lineId: 'a', amount: 4000n, serviceStart: '2026-03-20' } },
        { credit: { lineId: 'less', amount: -806n, serviceStart: '2026-03-15' } },
        { credit: { lineId: 'a', amount: 806n, serviceStart: '2026-03-15' } },
      ])
    })

    it('leaves the credit alone where the invoice has charged enough', () => {
      const more = [on('inv-b', line('other', 5000n, { productRef: 'support' })), ...upgraded]
      expect(of(givenBack([{ ...owed, amount: '1097' }], more))).toEqual([['inv-b', 'dear', 1097n]])
    })
  })
})
