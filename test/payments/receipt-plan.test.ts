import { array, assert, bigInt, constantFrom, property, record } from 'fast-check'
import { expect, it } from 'vitest'
import { taxWithin } from '../../src/invoicing/corrections/tax-relief.ts'
import { sum } from '../../src/kernel/money.ts'
import type { Candidate } from '../../src/payments/match.ts'
import { matchPayment } from '../../src/payments/matching.ts'
import type { Payment } from '../../src/payments/payment.ts'
import { allocatedPostings } from '../../src/payments/receipt-allocations.ts'
import { planReceipt } from '../../src/payments/receipt-plan.ts'

const invoice = (number: string, open: bigint): Candidate => ({
  id: number,
  number,
  paymentReference: `RF00${number}`,
  customerRef: 'globex',
  contractRef: 'contract',
  currency: 'EUR',
  issueDate: '2026-01-01',
  open,
})

const payment = (amount: bigint, rail: Payment['rail'] = 'wire'): Payment => ({
  id: 'pay_1',
  rail,
  externalKey: 'e',
  entityRef: 'acme',
  customerRef: null,
  currency: 'EUR',
  amount,
  receivedOn: '2026-01-20',
  payer: {},
  reference: '',
  recordedAt: 1,
})

const planOf = (amount: bigint, reference: string, candidates: Candidate[], rail?: Payment['rail']) =>
  planReceipt(
    payment(amount, rail),
    matchPayment({ amount, currency: 'EUR', reference }, candidates),
    candidates,
    { actor: 'matcher', now: 1, timezone: 'UTC' },
  )

it.each([
  ['card', 'stripe_clearing'],
  ['wire', 'bank_clearing'],
  ['crypto', 'crypto_assets'],
  ['manual', 'manual_clearing'],
] as const)('books money received by %s to %s', (rail, account) => {
  expect(planOf(100n, '', [], rail).entries[0]!.postings).toEqual([
    { account, amount: 100n },
    { account: 'unapplied_cash', amount: -100n, paymentId: 'pay_1' },
  ])
})

it.each([
  ['nobody knew', null, {}],
  ['is of another customer', 'initech', { customerRef: 'initech' }],
])('takes money that %s out of unapplied cash as it came in', (_, customerRef, dimensions) => {
  const [unapplied, receivable] = allocatedPostings(
    { ...payment(100n), customerRef },
    100n,
    invoice('INV-1', 100n),
  )
  expect(unapplied).toEqual({ account: 'unapplied_cash', amount: 100n, paymentId: 'pay_1', ...dimensions })
  expect(receivable).toMatchObject({ account: 'accounts_receivable', customerRef: 'globex' })
})

it('asks for one receipt mail for each invoice that was paid, under an id that it always has', () => {
  const candidates = [invoice('INV-1', 60n), invoice('INV-2', 40n)]
  const plan = planOf(100n, 'INV-1 INV-2', candidates)
  expect(plan.outbox.map(({ payload }) => payload)).toEqual(
    plan.allocations.map(({ id }) => ({ allocationId: id })),
  )
  expect(plan.outbox).toHaveLength(2)
  expect(planOf(100n, 'INV-1 INV-2', candidates)).toEqual(plan)
})

it('always splits the amount into allocations, credit and what is unapplied, and books exactly that', () => {
  const cases = record({
    amount: bigInt({ min: 1n, max: 200n }),
    reference: constantFrom('', 'INV-1', 'INV-2', 'INV-1 INV-2', 'INV-3'),
    open1: bigInt({ min: -10n, max: 100n }),
    open2: bigInt({ min: 0n, max: 100n }),
  })
  assert(
    property(cases, ({ amount, reference, open1, open2 }) => {
      const plan = planOf(amount, reference, [invoice('INV-1', open1), invoice('INV-2', open2)])
      const applied = plan.allocations.reduce((sum, each) => sum + each.amount, 0n)
      const kept = plan.credit?.amount ?? 0n
      expect(applied + kept + plan.unapplied).toBe(amount)
      expect(kept === 0n || plan.unapplied === 0n).toBe(true)
      const booked = (account: string) =>
        plan.entries
          .flatMap(({ postings }) => postings)
          .filter((each) => each.account === account)
          .reduce((sum, each) => sum + each.amount, 0n)
      expect(booked('bank_clearing')).toBe(amount)
      expect(-booked('accounts_receivable')).toBe(applied)
      expect(-booked('customer_credit')).toBe(kept)
      expect(-booked('unapplied_cash')).toBe(plan.unapplied)
    }),
  )
})

it('money for an invoice that was written off recovers the loss, and its tax is owed again', () => {
  // 119.00 were written off with 19.00 of tax relief; 59.50 come: half of both.
  const lost = {
    ...invoice('INV-2026-0001', 0n),
    lost: { amount: 11_900n, total: 11_900n, totalTax: 1_900n, givenUp: [] },
  }
  const plan = planOf(5_950n, lost.number, [lost])
  expect(plan.allocations.map(({ kind, amount }) => [kind, amount])).toEqual([
    ['write_off', -5_950n],
    ['payment', 5_950n],
  ])
  expect(plan.entries[1]?.postings.map(({ account, amount }) => [account, amount])).toEqual([
    ['unapplied_cash', 5_950n],
    ['bad_debt_expense', -5_000n],
    ['tax_payable', -950n],
  ])
})

/** The tax that is owed again with each part of a loss that comes in. */
function taxesRecovered(loss: bigint, taxed: { total: bigint; totalTax: bigint }, parts: readonly bigint[]) {
  let left = loss
  return parts.map((part) => {
    const lost = { ...invoice('INV-2026-0001', 0n), lost: { amount: left, ...taxed, givenUp: [] } }
    left -= part
    const entry = planOf(part, lost.number, [lost]).entries[1]!
    return -sum(entry.postings.filter(({ account }) => account === 'tax_payable').map(({ amount }) => amount))
  })
}

it('a loss that is recovered in halves owes its tax once: of 1.00 with 0.01 of tax, 0.00 and 0.01', () => {
  // On the half that is still lost stands 0.005, rounded 0.01: nothing is owed of it before that comes, too.
  expect(taxesRecovered(100n, { total: 100n, totalTax: 1n }, [50n, 50n])).toEqual([0n, 1n])
})

it('a loss that is recovered in any parts owes the tax that was given back on it, to the cent', () => {
  const loss = record({
    parts: array(bigInt(1n, 5_000n), { minLength: 1, maxLength: 6 }),
    paid: bigInt(0n, 9_999n),
  })
  assert(
    property(loss, bigInt(0n, 100n), ({ parts, paid }, percent) => {
      const open = sum(parts)
      const total = open + paid
      const taxed = { total, totalTax: (total * percent) / 200n }
      expect(sum(taxesRecovered(open, taxed, parts))).toBe(taxWithin(taxed, open))
    }),
  )
})

it('a discount for paying early lowers revenue and its tax: 2.38 of 119.00, of which 0.38 are tax', () => {
  const offer = { amount: 238n, tax: 38n, until: '2026-01-20' }
  const candidates = [{ ...invoice('INV-1', 11_900n), discount: offer }]
  const evidence = { amount: 11_662n, currency: 'EUR', reference: 'INV-1', receivedOn: '2026-01-20' }
  const decided = { actor: 'matcher', now: 1, timezone: 'UTC' }
  const plan = planReceipt(payment(11_662n), matchPayment(evidence, candidates), candidates, decided)
  expect(plan.allocations.map(({ kind, rule, amount }) => [kind, rule, amount])).toEqual([
    ['payment', 'invoice_number', 11_662n],
    ['discount', 'early_payment', 238n],
  ])
  const dimensions = { customerRef: 'globex', contractRef: 'contract', invoiceId: 'INV-1' }
  expect(plan.entries.at(-1)).toMatchObject({
    event: 'early_discount_taken',
    postings: [
      { account: 'revenue_discount', amount: 200n, ...dimensions },
      { account: 'tax_payable', amount: 38n, ...dimensions },
      { account: 'accounts_receivable', amount: -238n, ...dimensions },
    ],
  })
})
