import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keptCredit } from '../../src/credits/grant.ts'
import { balanceOf, untouched } from '../../src/credits/movement.ts'
import { sum } from '../../src/kernel/money.ts'
import type { JournalEntry } from '../../src/ledger/journal-entry.ts'
import type { Payment } from '../../src/payments/payment.ts'
import { planRefund, type RefundInput } from '../../src/payments/plan-refund.ts'
import { failedEntry } from '../../src/payments/refund-entries.ts'
import { planUndo } from '../../src/payments/undo.ts'
import { paidBy } from '../invoicing/documents/issued.ts'

const PAYMENT: Payment = {
  id: 'pay_1',
  rail: 'wire',
  externalKey: 'x',
  entityRef: 'acme-eu',
  customerRef: 'globex',
  currency: 'EUR',
  amount: 10_000n,
  receivedOn: '2026-01-20',
  payer: {},
  reference: '',
  recordedAt: 1,
}

const grant = (sourceId: string, amount: bigint) =>
  untouched(
    keptCredit({
      source: 'overpayment',
      sourceId,
      customerRef: 'globex',
      entityRef: 'acme-eu',
      timezone: 'UTC',
      currency: 'EUR',
      amount,
      moneyAccount: 'bank_clearing',
      now: 1,
    }),
  )

const input = (more: Partial<RefundInput> = {}): RefundInput => ({
  payment: PAYMENT,
  unapplied: 0n,
  grants: [],
  kind: 'refund',
  key: 'first',
  reason: 'Paid twice',
  paidOn: '2026-02-01',
  actor: 'finance',
  now: 2,
  ...more,
})

const postingsOf = (entries: readonly JournalEntry[]) =>
  entries.flatMap(({ postings }) => postings.map(({ account, amount }) => [account, amount]))

describe('a refund', () => {
  it('of tokens takes out what they are carried at, with the gain', () => {
    // 1,100.00 at par are carried at 1,098.57. Of 50.00: 1,098.57 x 50 / 1,100 = 49.935, half up 49.94.
    const { refund, entries } = planRefund(
      input({
        payment: { ...PAYMENT, rail: 'crypto' },
        unapplied: 10_000n,
        amount: 5_000n,
        held: { amount: 110_000n, carried: 109_857n },
      }),
    )
    expect(refund.carried).toBe(4_994n)
    expect(postingsOf(entries)).toEqual([
      ['unapplied_cash', 5_000n],
      ['crypto_assets', -4_994n],
      ['fx_gain_loss', -6n],
    ])
  })

  it.each([
    ['wire', 'bank_fees', 'bank_clearing'],
    ['crypto', 'network_fees', 'crypto_assets'],
  ] as const)('by %s costs what was taken for it: 10.00 and 0.50', (rail, fees, clearing) => {
    const plan = planRefund(input({ payment: { ...PAYMENT, rail }, unapplied: 1_000n, fee: 50n }))
    expect(postingsOf(plan.entries)).toEqual([
      ['unapplied_cash', 1_000n],
      [fees, 50n],
      [clearing, -1_050n],
    ])
  })

  it.each([
    ['below zero', { fee: -1n }],
    ['of a card, which Stripe tells', { fee: 1n, payment: { ...PAYMENT, rail: 'card' as const } }],
  ])('with a fee %s is refused', (_, more) => {
    expect(() => planRefund(input({ unapplied: 1_000n, ...more }))).toThrow(
      expect.objectContaining({ code: 'fee_out_of_range' }),
    )
  })

  it('takes what waits first, then credit, and pays it from where it came', () => {
    // 10.00 wait, 25.00 and 5.00 are credit; 38.00 leave: 10.00 + 25.00 + 3.00.
    const plan = planRefund(
      input({ unapplied: 1_000n, grants: [grant('a', 2_500n), grant('b', 500n)], amount: 3_800n }),
    )
    expect(postingsOf(plan.entries)).toEqual([
      ['unapplied_cash', 1_000n],
      ['customer_credit', 2_800n],
      ['bank_clearing', -3_800n],
    ])
    expect(plan.voided.map(({ movement }) => movement.amount)).toEqual([2_500n, 300n])
    expect(plan.refund).toMatchObject({ amount: 3_800n, fromUnapplied: 1_000n, state: 'succeeded' })
  })

  it.each([
    ['card', 'refund', 'pending', 'stripe_clearing'],
    ['card', 'return', 'succeeded', 'stripe_clearing'],
    ['crypto', 'refund', 'succeeded', 'crypto_assets'],
    ['manual', 'refund', 'succeeded', 'manual_clearing'],
  ] as const)('of %s money (%s) is %s, from %s', (rail, kind, state, account) => {
    const plan = planRefund(input({ payment: { ...PAYMENT, rail }, kind, unapplied: 500n }))
    expect(plan.refund).toMatchObject({ state, amount: 500n })
    expect(postingsOf(plan.entries)).toEqual([
      ['unapplied_cash', 500n],
      [account, -500n],
    ])
  })

  it('that fails puts everything back', () => {
    const plan = planRefund(input({ unapplied: 1_000n, grants: [grant('a', 500n)] }))
    const failed = failedEntry(plan.refund, PAYMENT, '2026-02-03', 3)
    const negated = postingsOf(plan.entries).map(([account, amount]) => `${account} ${-(amount as bigint)}`)
    expect(
      postingsOf([failed])
        .map(([account, amount]) => `${account} ${amount}`)
        .sort(),
    ).toEqual(negated.sort())
    expect(failed.reverses).toBe(plan.entries[0]?.id)
  })

  it.each([0n, -1n, 1_501n])('of %s out of 15.00 is refused', (amount) => {
    expect(() => planRefund(input({ unapplied: 1_000n, grants: [grant('a', 500n)], amount }))).toThrow(
      expect.objectContaining({ code: 'refund_beyond_payment' }),
    )
  })

  it('never pays back more than is left, and always its own amount', () => {
    const some = fc.bigInt({ min: 0n, max: 5_000n })
    const grants = fc.array(fc.bigInt({ min: 1n, max: 3_000n }), { maxLength: 4 })
    fc.assert(
      fc.property(some, grants, fc.bigInt({ min: 1n, max: 20_000n }), (unapplied, amounts, amount) => {
        const states = amounts.map((each, place) => grant(String(place), each))
        const available = unapplied + sum(amounts)
        fc.pre(amount <= available)
        const { refund, voided, entries } = planRefund(input({ unapplied, grants: states, amount }))
        const fromCredit = sum(voided.map(({ movement }) => movement.amount))
        expect(refund.fromUnapplied + fromCredit).toBe(amount)
        expect(voided.every(({ state }) => balanceOf(state) >= 0n)).toBe(true)
        expect(sum(entries.flatMap(({ postings }) => postings).map((one) => one.amount))).toBe(0n)
      }),
    )
  })
})

describe('the undo of an allocation', () => {
  const invoice = {
    id: 'inv_1',
    number: 'INV000001',
    customerRef: 'globex',
    contractRef: 'contract',
    total: 11_900n,
    totalTax: 1_900n,
  }
  const undo = (left: bigint, fee = 0n) => {
    const allocation = { ...paidBy('pay_1', 7_000n), left }
    const kept = { ...paidBy('pay_1', fee, { id: 'fee', kind: 'bank_fee', paymentId: null }), left: fee }
    const standing = fee > 0n ? [allocation, kept] : [allocation]
    const common = { payment: PAYMENT, invoice, reason: 'Wrong invoice', today: '2026-02-01' }
    return planUndo({ ...common, standing, actor: 'finance', now: 2 })
  }

  it('opens the invoice by what the payment settled of it, and the money waits', () => {
    const { allocations, entries } = undo(7_000n)
    expect(allocations).toMatchObject([{ amount: -7_000n, reverses: 'alc_pay_1', rule: 'undo' }])
    expect(postingsOf(entries)).toEqual([
      ['accounts_receivable', 7_000n],
      ['unapplied_cash', -7_000n],
    ])
    expect(entries[0]?.reverses).toBeDefined()
  })

  it('of what a credit note has left takes back the rest alone', () => {
    const { allocations, entries } = undo(2_000n)
    expect(allocations[0]?.amount).toBe(-2_000n)
    expect(entries[0]?.reverses).toBeUndefined()
  })

  it('takes an early-payment discount back with it: 2.38 of which 0.38 are tax', () => {
    const discount = paidBy('pay_1', 238n, { id: 'discount', kind: 'discount', paymentId: null })
    const { entries } = planUndo({
      ...{ payment: PAYMENT, invoice, reason: 'Wrong invoice', today: '2026-02-01' },
      ...{ standing: [{ ...discount, left: 238n }], actor: 'finance', now: 2 },
    })
    expect(postingsOf(entries)).toEqual([
      ['revenue_discount', -200n],
      ['tax_payable', -38n],
      ['accounts_receivable', 238n],
    ])
  })

  it('takes the bank fee back with it', () => {
    expect(postingsOf(undo(7_000n, 30n).entries)).toEqual([
      ['accounts_receivable', 7_000n],
      ['unapplied_cash', -7_000n],
      ['accounts_receivable', 30n],
      ['bank_fees', -30n],
    ])
  })
})
