import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { balanceOf, move, untouched } from '../../../src/credits/movement.ts'
import { partsOfUse } from '../../../src/invoicing/assembly/credit-part.ts'
import {
  type CreditNoteInput,
  type CreditNotePlan,
  planCreditNote,
} from '../../../src/invoicing/corrections/credit-note.ts'
import { type LineReversal, reverseLine } from '../../../src/invoicing/corrections/line-reversal.ts'
import { invoiceState } from '../../../src/invoicing/invoice.ts'
import { type Allocation, settlementOf } from '../../../src/invoicing/settlement.ts'
import { sum } from '../../../src/kernel/money.ts'
import { grantOf } from '../../credits/grants.ts'
import { invoiceOf, lineOf, paidBy } from '../documents/issued.ts'

// 100.00 of seats and 50.00 of setup, 19 % on both: 19.00 + 9.50.
const SEATS = lineOf({ id: 'seats', netAmount: 10_000n, tax: 1_900n })
const SETUP = lineOf({
  id: 'setup',
  netAmount: 5_000n,
  tax: 950n,
  kind: 'one_time',
  productRef: 'setup',
  serviceEnd: '2026-01-01',
})

const input = (more: Partial<CreditNoteInput> = {}): CreditNoteInput => ({
  invoice: invoiceOf([SEATS, SETUP]),
  reversals: [],
  allocations: [],
  key: 'first',
  cause: 'concession',
  reason: 'Goodwill',
  nextSequence: 7,
  issueDate: '2026-01-16',
  timezone: 'UTC',
  actor: 'finance',
  now: Date.UTC(2026, 0, 16),
  ...more,
})

const postingsOf = (plan: CreditNotePlan) =>
  plan.entries.flatMap(({ postings }) => postings.map(({ account, amount }) => [account, amount]))

describe('a credit note', () => {
  it('over all of an open invoice takes back the receivable, the position and the tax', () => {
    const plan = planCreditNote(input())
    // 150.00 net, 28.50 tax.
    expect(plan.creditNote).toMatchObject({
      number: 'INV-CN000007',
      series: 'INV-CN',
      subTotal: 15_000n,
      totalTax: 2_850n,
      total: 17_850n,
      released: 0n,
      taxes: [{ name: 'VAT', percent: '19', taxable: '150.00', tax: '28.50' }],
    })
    expect(postingsOf(plan)).toEqual([
      ['contract_position', 10_000n],
      ['contract_position', 5_000n],
      ['tax_payable', 2_850n],
      ['accounts_receivable', -17_850n],
    ])
    expect(plan.allocations).toMatchObject([{ kind: 'credit_note', amount: 17_850n, reverses: null }])
    expect(plan.reversals.map(({ bookedFrom }) => bookedFrom)).toEqual(['2026-01-16', '2026-01-16'])
  })

  it('over what was paid makes it credit of the customer, the newest payment first', () => {
    // 178.50, paid by 100.00 and then by 60.00: 18.50 are open. 119.00 credited: 100.50 are to be given back.
    const allocations = [paidBy('old', 10_000n), paidBy('new', 6_000n, { createdAt: 1 })]
    const plan = planCreditNote(input({ allocations, lines: [{ lineId: 'seats' }] }))
    expect(plan.creditNote.released).toBe(10_050n)
    expect(plan.credits.map(({ paymentId, amount }) => [paymentId, amount])).toEqual([
      ['new', 6_000n],
      ['old', 4_050n],
    ])
    expect(plan.grants.map(({ amount, source }) => [amount, source])).toEqual([
      [6_000n, 'credit_note'],
      [4_050n, 'credit_note'],
    ])
    expect(plan.allocations.map(({ amount, reverses, paymentId }) => [amount, reverses, paymentId])).toEqual([
      [-6_000n, 'alc_new', 'new'],
      [-4_050n, 'alc_old', 'old'],
      [11_900n, null, null],
    ])
    expect(postingsOf(plan)).toEqual([
      ['contract_position', 10_000n],
      ['tax_payable', 1_900n],
      ['accounts_receivable', -1_850n],
      ['customer_credit', -10_050n],
    ])
  })

  it('over a part of a line carries its part of the tax, and the rest the rest', () => {
    // 0.05 tax on 0.30: a third is 1.67 cents, two are 3.33, all are 5.
    const invoice = invoiceOf([lineOf({ id: 'a', netAmount: 30n, tax: 5n })])
    let reversals: LineReversal[] = []
    let allocations: Allocation[] = []
    const taxes = ['1', '2', '3'].map((key) => {
      const lines = [{ lineId: 'a', amount: 10n }]
      const plan = planCreditNote(input({ invoice, reversals, allocations, key, lines }))
      reversals = [...reversals, ...plan.reversals]
      allocations = [...allocations, ...plan.allocations]
      return plan.creditNote.totalTax
    })
    expect(taxes).toEqual([2n, 1n, 2n])
    expect(() => planCreditNote(input({ invoice, reversals, allocations, key: '4' }))).toThrow(
      'Nothing is left',
    )
  })

  it('takes a line for several of its days, each by an amount of its own', () => {
    const days = (serviceStart: string, serviceEnd: string) => ({ lineId: 'seats', serviceStart, serviceEnd })
    const early = { ...days('2026-01-05', '2026-01-11'), amount: 3_333n }
    const plan = planCreditNote(input({ lines: [early, days('2026-01-21', '2026-02-01')] }))
    // 19 % of 33.33 is 6.33 (6.3327); the rest of the line, 66.67, carries the rest of 19.00.
    expect(plan.reversals.map(({ amount, tax, serviceStart }) => [amount, tax, serviceStart])).toEqual([
      [3_333n, 633n, '2026-01-05'],
      [6_667n, 1_267n, '2026-01-21'],
    ])
    expect(new Set(plan.reversals.map(({ id }) => id)).size).toBe(2)
    expect(plan.creditNote).toMatchObject({ subTotal: 10_000n, totalTax: 1_900n })
  })

  it.each([
    [
      'the same days twice',
      [
        { lineId: 'seats', amount: 1n },
        { lineId: 'seats', amount: 1n },
      ],
    ],
    [
      'more than the line has in all',
      [
        { lineId: 'seats', amount: 6_000n, serviceEnd: '2026-01-11' },
        { lineId: 'seats', amount: 4_001n, serviceStart: '2026-01-11' },
      ],
    ],
  ])('refuses to take %s', (_, lines) => {
    expect(() => planCreditNote(input({ lines }))).toThrow('cannot be credited like this')
  })

  it('takes the months of use in proportion', () => {
    // 30.00 used in January, 10.00 in February; of 40.00, 10.00 are credited.
    const usage = lineOf({
      id: 'calls',
      kind: 'usage',
      netAmount: 4_000n,
      usageByMonth: { '2026-01': '3000', '2026-02': '1000' },
    })
    const plan = planCreditNote(
      input({ invoice: invoiceOf([usage]), lines: [{ lineId: 'calls', amount: 1_000n }] }),
    )
    expect(plan.reversals[0]?.usageByMonth).toEqual({ '2026-01': '750', '2026-02': '250' })
  })

  it.each([
    ['a line that is not there', { lineId: 'x' }, 'lines.0.line_ref'],
    ['more than is left', { lineId: 'seats', amount: 10_001n }, 'lines.0.amount'],
    ['nothing', { lineId: 'seats', amount: 0n }, 'lines.0.amount'],
    ['less than nothing', { lineId: 'seats', amount: -1n }, 'lines.0.amount'],
    ['days before the service', { lineId: 'seats', serviceStart: '2025-12-31' }, 'lines.0.service_start'],
    ['no days', { lineId: 'seats', serviceEnd: '2026-01-01' }, 'lines.0.service_start'],
    ['days of what has none', { lineId: 'setup', serviceEnd: '2026-01-02' }, 'lines.0.service_start'],
  ])('over %s is refused', (_, line, path) => {
    expect(() => planCreditNote(input({ lines: [line] }))).toThrow(
      expect.objectContaining({
        code: 'credit_note_not_possible',
        faults: [expect.objectContaining({ path })],
      }),
    )
  })

  it('gives back to its grant what credit has paid, and makes no money of it', () => {
    // 178.50, of which a gift settled 70.00 and a payment 100.00: 8.50 are open. All is credited.
    const gift = untouched(grantOf({ ref: 'gift', amount: 8_000n, currency: 'EUR' }))
    const burnt = { kind: 'burnt' as const, amount: 7_000n, invoiceId: 'inv_1', actor: 'billing', at: 0 }
    const used = move(gift, burnt)
    const credit = [used.state]
    const allocations = [
      paidBy('gift', 7_000n, { kind: 'credit', paymentId: null, grantId: 'gift' }),
      paidBy('money', 10_000n, { createdAt: 1 }),
    ]
    const { invoice } = input({})
    const creditParts = partsOfUse(used, [{ place: 0, month: null, open: 7_000n }], [7_000n], invoice)
    const plan = planCreditNote(input({ allocations, credit, creditParts }))
    expect([plan.creditNote.total, plan.creditNote.released]).toEqual([17_850n, 10_000n])
    expect(plan.credits.map(({ amount }) => amount)).toEqual([10_000n])
    expect(plan.reinstated.map(({ state }) => [state.grant.ref, balanceOf(state)])).toEqual([
      ['gift', 8_000n],
    ])
    expect(plan.allocations.map(({ kind, grantId, amount }) => [kind, grantId, amount])).toEqual([
      ['payment', null, -10_000n],
      ['credit', 'gift', -7_000n],
      ['credit_note', null, 17_850n],
    ])
    const receivable = postingsOf(plan).filter(([account]) => account === 'accounts_receivable')
    // What was open, 8.50, is no longer: 178.50 - 100.00 were credited, and 70.00 are not paid by credit after all.
    expect(receivable.map(([, amount]) => amount)).toEqual([-7_850n, 7_000n])
    // The 70.00 that the gift took off the price of the line are off it no more.
    expect(plan.creditParts.map(({ lineId, paid, amount }) => [lineId, paid, amount])).toEqual([
      ['seats', -7_000n, 7_000n],
    ])
    expect(postingsOf(plan)).toContainEqual(['contract_position', -7_000n])
  })

  it('gives back what was paid of service that is not given, where the rest was written off', () => {
    // 150.00 and 28.50 tax. 89.25 were paid and 89.25 written off, with them half of the 70.00 for February.
    const seats = lineOf({
      ...{ id: 'seats', netAmount: 15_000n, tax: 2_850n },
      ...{ serviceStart: '2026-01-01', serviceEnd: '2026-03-01' },
    })
    const february = { serviceStart: '2026-02-01', serviceEnd: '2026-03-01' }
    const written = reverseLine(
      { line: seats, amount: 3_500n, ...february },
      [],
      {
        cause: 'write_off',
        sourceId: 'inv_1',
        invoiceId: 'inv_1',
        currency: 'EUR',
        bookedFrom: '2026-02-01',
      },
      1,
    )
    const allocations = [
      paidBy('pay', 8_925n),
      paidBy('lost', 8_925n, { id: 'alc_lost', kind: 'write_off', paymentId: null }),
    ]
    const given = { invoice: invoiceOf([seats]), reversals: [written], allocations }
    const plan = planCreditNote(
      input({ ...given, lines: [{ lineId: 'seats', amount: 3_500n, ...february }] }),
    )
    // 35.00 and 6.65 tax become credit; the loss stays.
    expect(postingsOf(plan)).toEqual([
      ['contract_position', 3_500n],
      ['tax_payable', 665n],
      ['customer_credit', -4_165n],
    ])
    expect(plan.allocations.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['payment', -4_165n],
      ['credit_note', 4_165n],
    ])
    // All that is left of the line is more than was paid.
    expect(() => planCreditNote(input(given))).toThrow(
      expect.objectContaining({ code: 'invoice_written_off' }),
    )
  })

  it.each([
    ['invoice_void', paidBy('x', 17_850n, { kind: 'void', paymentId: null })],
    ['invoice_written_off', paidBy('x', 100n, { kind: 'write_off', paymentId: null })],
    ['credit_beyond_payments', paidBy('x', 100n, { kind: 'discount', paymentId: null })],
  ])('is refused with %s', (code, allocation) => {
    expect(() => planCreditNote(input({ allocations: [allocation] }))).toThrow(
      expect.objectContaining({ code }),
    )
  })
})

describe('credit notes after one another', () => {
  const amounts = fc.record({
    nets: fc.array(fc.bigInt({ min: 1n, max: 100_000n }), { minLength: 1, maxLength: 4 }),
    parts: fc.array(fc.tuple(fc.nat(), fc.bigInt({ min: 1n, max: 60_000n })), { maxLength: 6 }),
    paid: fc.array(fc.bigInt({ min: 1n, max: 60_000n }), { maxLength: 4 }),
  })

  /** Credits parts in the order given as far as they fit, then all that is left. */
  function creditAll({ nets, parts, paid }: typeof amounts extends fc.Arbitrary<infer T> ? T : never) {
    const lines = nets.map((netAmount, place) =>
      lineOf({ id: String(place), netAmount, tax: (netAmount * 19n + 50n) / 100n }),
    )
    const invoice = invoiceOf(lines)
    let open = invoice.total
    const payments = paid.flatMap((amount, place) => {
      const taken = amount < open ? amount : open
      open -= taken
      return taken > 0n ? [paidBy(`p${place}`, taken, { createdAt: place })] : []
    })
    const plans: CreditNotePlan[] = []
    const state = () => ({
      invoice,
      reversals: plans.flatMap((plan) => plan.reversals),
      allocations: [...payments, ...plans.flatMap((plan) => plan.allocations)],
    })
    for (const [place, wanted] of parts) {
      const line = lines[place % lines.length]!
      const before = state()
      const left =
        line.netAmount -
        sum(before.reversals.filter(({ lineId }) => lineId === line.id).map(({ amount }) => amount))
      if (left === 0n) continue
      const amount = wanted < left ? wanted : left
      plans.push(
        planCreditNote(input({ ...before, key: String(plans.length), lines: [{ lineId: line.id, amount }] })),
      )
    }
    const before = state()
    if (sum(before.reversals.map(({ amount }) => amount)) < invoice.subTotal) {
      plans.push(planCreditNote(input({ ...before, key: 'rest' })))
    }
    return { payments, plans, ...state() }
  }

  it('take back an invoice to the last cent, and give back all that was paid', () => {
    fc.assert(
      fc.property(amounts, (drawn) => {
        const { invoice, payments, plans, allocations } = creditAll(drawn)
        const total = (of: (plan: CreditNotePlan) => bigint) => sum(plans.map(of))
        expect(total(({ creditNote }) => creditNote.subTotal)).toBe(invoice.subTotal)
        expect(total(({ creditNote }) => creditNote.totalTax)).toBe(invoice.totalTax)
        expect(total(({ creditNote }) => creditNote.released)).toBe(sum(payments.map(({ amount }) => amount)))
        // Nothing is open, and nothing of a payment settles the invoice any more.
        expect(sum(allocations.map(({ amount }) => amount))).toBe(invoice.total)
        expect(settlementOf(allocations)).toMatchObject({ paid: 0n, credited: invoice.total })
        expect(invoiceState(invoice.total, settlementOf(allocations))).toBe('PAID')
      }),
      { numRuns: 200 },
    )
  })

  it('leave the receivable at the open amount after each of them', () => {
    fc.assert(
      fc.property(amounts, (drawn) => {
        const { invoice, payments, plans } = creditAll(drawn)
        let receivable = invoice.total - sum(payments.map(({ amount }) => amount))
        let settled = sum(payments.map(({ amount }) => amount))
        for (const { entries, allocations } of plans) {
          const postings = entries.flatMap((entry) => entry.postings)
          receivable += sum(
            postings.filter(({ account }) => account === 'accounts_receivable').map(({ amount }) => amount),
          )
          settled += sum(allocations.map(({ amount }) => amount))
          expect(receivable).toBe(invoice.total - settled)
          expect(sum(postings.map(({ amount }) => amount))).toBe(0n)
        }
      }),
      { numRuns: 100 },
    )
  })
})
