import { array, assert, bigInt, constantFrom, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { creditorReference } from '../../src/invoicing/documents/creditor-reference.ts'
import type { Candidate } from '../../src/payments/match.ts'
import { matchPayment } from '../../src/payments/matching.ts'
import { anyText } from '../support/any-text.ts'

const invoice = (number: string, open: bigint, more: Partial<Candidate> = {}): Candidate => ({
  id: `id of ${number}`,
  number,
  paymentReference: creditorReference(number),
  customerRef: 'globex',
  contractRef: 'contract',
  currency: 'EUR',
  issueDate: '2026-01-01',
  open,
  ...more,
})

const A = invoice('INV-2026-0001', 10_000n)
const B = invoice('INV-2026-0002', 5_000n)
const PAID = invoice('INV-2026-0003', 0n)
const LONGER = invoice('INV-2026-00012', 700n)
const OTHERS = invoice('INV-2026-0009', 2_500n, { customerRef: 'initech' })
const DOLLARS = invoice('INV-2026-0008', 10_000n, { currency: 'USD' })
const SHORT_DIGITS = invoice('4711', 10_000n)
const DIGITS = invoice('20260131', 10_000n)
const ALL = [A, B, PAID, LONGER, OTHERS, DOLLARS, SHORT_DIGITS, DIGITS]

const pay = (
  amount: bigint,
  reference: string,
  more: { invoiceId?: string; payerCustomerRef?: string } = {},
) => matchPayment({ amount, currency: 'EUR', reference, ...more }, ALL)

describe('which rule decides', () => {
  it.each([
    ['the rail names the invoice', 10_000n, '', { invoiceId: A.id }, 'strong_evidence', [[A, 10_000n]]],
    [
      'what the rail names wins over the text',
      10_000n,
      B.number,
      { invoiceId: A.id },
      'strong_evidence',
      [[A, 10_000n]],
    ],
    ['the creditor reference alone', 10_000n, A.paymentReference, {}, 'structured_reference', [[A, 10_000n]]],
    [
      'the reference in groups of four, lower case, in a sentence',
      10_000n,
      `thanks: ${A.paymentReference.toLowerCase().replace(/(.{4})/g, '$1 ')}!`,
      {},
      'structured_reference',
      [[A, 10_000n]],
    ],
    [
      'a reference wins over a number',
      10_000n,
      `${A.paymentReference} ${B.number}`,
      {},
      'structured_reference',
      [[A, 10_000n]],
    ],
    [
      'a reference with a wrong check digit is none',
      10_000n,
      A.paymentReference.replace(/^RF../, 'RF00'),
      {},
      'unapplied',
      [],
    ],
    ['the number as printed', 10_000n, 'Invoice INV-2026-0001', {}, 'invoice_number', [[A, 10_000n]]],
    [
      'the number without hyphens and broken over a line',
      10_000n,
      'inv2026\n0001',
      {},
      'invoice_number',
      [[A, 10_000n]],
    ],
    ['part of the amount', 4_000n, 'INV-2026-0001', {}, 'invoice_number', [[A, 4_000n]]],
    ['more than is open: the rest is credit', 12_000n, 'INV-2026-0001', {}, 'invoice_number', [[A, 10_000n]]],
    ['paid already: all of it is credit', 12_000n, 'INV-2026-0003', {}, 'invoice_number', []],
    [
      'the longer of two numbers that lie in one another',
      700n,
      'INV 2026 0001 2',
      {},
      'invoice_number',
      [[LONGER, 700n]],
    ],
    ['a number inside a longer word is none', 10_000n, 'XINV-2026-0001', {}, 'unapplied', []],
    ['four digits are no invoice number', 10_000n, 'customer 4711', {}, 'unapplied', []],
    [
      'eight digits in one piece are one',
      10_000n,
      'no. 20260131.',
      {},
      'invoice_number',
      [[DIGITS, 10_000n]],
    ],
    ['a date is none', 10_000n, 'on 2026-01-31', {}, 'unapplied', []],
    [
      'two numbers with the exact sum',
      15_000n,
      'INV-2026-0001, INV-2026-0002',
      {},
      'several_invoice_numbers',
      [
        [A, 10_000n],
        [B, 5_000n],
      ],
    ],
    [
      'two numbers, one of them paid: the other one takes it',
      10_000n,
      'INV-2026-0003 + INV-2026-0001',
      {},
      'invoice_number',
      [[A, 10_000n]],
    ],
    [
      'two references with the exact sum',
      15_000n,
      `${A.paymentReference} ${B.paymentReference}`,
      {},
      'several_invoice_numbers',
      [
        [A, 10_000n],
        [B, 5_000n],
      ],
    ],
    ['two numbers with another sum', 14_999n, 'INV-2026-0001, INV-2026-0002', {}, 'unapplied', []],
    ['numbers of two customers', 12_500n, 'INV-2026-0001, INV-2026-0009', {}, 'unapplied', []],
    ['the invoice is in another currency', 10_000n, 'INV-2026-0008', {}, 'unapplied', []],
    [
      'a known account and one invoice with the amount',
      5_000n,
      'thank you',
      { payerCustomerRef: 'globex' },
      'known_payer',
      [[B, 5_000n]],
    ],
    [
      'a known account and two invoices with the amount',
      10_000n,
      '',
      { payerCustomerRef: 'globex' },
      'unapplied',
      [],
    ],
    [
      'a known account and no invoice with the amount',
      9_999n,
      '',
      { payerCustomerRef: 'globex' },
      'unapplied',
      [],
    ],
    ['an amount alone never decides', 5_000n, '', {}, 'unapplied', []],
  ] as const)('%s', (_, amount, reference, more, rule, expected) => {
    const match = pay(amount, reference, more)
    expect(match.rule).toBe(rule)
    expect(match.allocations).toEqual(
      expected.map(([candidate, applied]) => ({ invoiceId: candidate.id, amount: applied })),
    )
    expect(match.customerRef).toBe(rule === 'unapplied' ? null : 'globex')
  })
})

it('does not choose between two invoices whose numbers have the same letters and digits', () => {
  const twins = [invoice('INV-1-11', 100n), invoice('INV-11-1', 200n)]
  expect(matchPayment({ amount: 100n, currency: 'EUR', reference: 'INV111' }, twins).rule).toBe('unapplied')
})

it.each([
  [
    4_000n,
    'INV-2026-0001',
    'The payment names the invoice by its number: INV-2026-0001. 40.00 EUR of 100.00 EUR open are paid.',
  ],
  [
    10_500n,
    'INV-2026-0001',
    "The payment names the invoice by its number: INV-2026-0001. 100.00 EUR settle it in full, and 5.00 EUR are kept as the customer's credit.",
  ],
  [
    300n,
    'INV-2026-0003',
    "The payment names the invoice by its number: INV-2026-0003. It is paid already, so 3.00 EUR are kept as the customer's credit.",
  ],
  [1n, 'INV-2026-0008', 'Invoice INV-2026-0008 is in USD, but EUR arrived.'],
  [1n, 'hello', 'No reference, invoice number or known account leads to an invoice.'],
])('explains itself: %s for "%s"', (amount, reference, explanation) => {
  expect(pay(amount, reference).explanation).toBe(explanation)
})

describe('laws', () => {
  const numbers = constantFrom('INV-1', 'INV-2', 'INV-12', 'INV-20260', '20261', 'X')
  const candidates = array(
    record({
      number: numbers,
      open: bigInt({ min: -5n, max: 300n }),
      customerRef: constantFrom('globex', 'initech'),
      currency: constantFrom('EUR', 'USD'),
    }),
    { maxLength: 6 },
  ).map((list) =>
    list.map(({ number, open, ...more }, place) => invoice(number, open, { ...more, id: `i${place}` })),
  )
  const evidence = record({
    amount: bigInt({ min: 1n, max: 600n }),
    currency: constantFrom('EUR', 'USD'),
    reference: array(constantFrom('INV-1', 'inv 2', 'INV12', '20261', 'RF', ' ', ', ', 'ß', '\n', '-')).map(
      (parts) => parts.join(''),
    ),
    invoiceId: constantFrom(undefined, 'i0', 'i9'),
    payerCustomerRef: constantFrom(undefined, 'globex'),
  })

  it('never allocates more than the payment, more than an invoice has open, or across customers and currencies', () => {
    assert(
      property(evidence, candidates, (given, among) => {
        const match = matchPayment(given, among)
        const total = match.allocations.reduce((sum, { amount }) => sum + amount, 0n)
        expect(total <= given.amount).toBe(true)
        for (const { invoiceId, amount } of match.allocations) {
          const target = among.find(({ id }) => id === invoiceId)!
          expect(amount > 0n && amount <= target.open).toBe(true)
          expect(target.currency).toBe(given.currency)
          expect(target.customerRef).toBe(match.customerRef)
        }
        expect(new Set(match.allocations.map(({ invoiceId }) => invoiceId)).size).toBe(
          match.allocations.length,
        )
        expect(matchPayment(given, among)).toEqual(match)
      }),
    )
  })

  it('takes any text without failing', () => {
    assert(
      property(anyText(), (reference) => {
        expect(pay(1n, reference).explanation).not.toBe('')
      }),
    )
  })
})

describe('a transfer that is short by bank fees', () => {
  // At most 25.00, and at most 1 % of what is open.
  const short = (amount: bigint, more: Partial<Candidate> = {}) => {
    const candidate = { ...A, ...more }
    const evidence = {
      amount,
      currency: 'EUR',
      reference: A.number,
      tolerance: { amount: 2_500n, percent: '1' },
    }
    return matchPayment(evidence, [candidate])
  }

  it.each([
    ['within both', 10_000n, 9_900n, 100n],
    ['beyond the share', 10_000n, 9_899n, undefined],
    ['within the share, beyond the amount', 1_000_000n, 997_499n, undefined],
    ['at the amount', 1_000_000n, 997_500n, 2_500n],
    ['not short', 10_000n, 10_000n, undefined],
  ])('%s', (_, open, amount, fee) => {
    const match = short(amount, { open })
    expect(match.fee?.amount).toBe(fee)
    expect(match.allocations).toEqual([{ invoiceId: A.id, amount }])
  })

  it('is not let go of an invoice that was written off', () => {
    const match = short(9_990n, {
      open: 0n,
      lost: { amount: 10_000n, total: 10_000n, totalTax: 0n, givenUp: [] },
    })
    expect([match.fee, match.allocations]).toEqual([undefined, [{ invoiceId: A.id, amount: 9_990n }]])
  })
})

describe('a discount for paying early', () => {
  // 2 % of 100.00, until 11 January.
  const offered = invoice('INV-2026-0020', 10_000n, {
    discount: { amount: 200n, tax: 32n, until: '2026-01-11' },
  })
  const tolerance = { amount: 500n, percent: '5' }
  it.each([
    ['short by exactly that on the last day', 9_800n, '2026-01-11', 200n, undefined],
    ['a day late, the bank kept it', 9_800n, '2026-01-12', undefined, 200n],
    ['short by a cent less', 9_801n, '2026-01-05', undefined, 199n],
    ['in full', 10_000n, '2026-01-05', undefined, undefined],
  ] as const)('%s', (_, amount, receivedOn, discount, fee) => {
    const evidence = { amount, currency: 'EUR', reference: offered.number, receivedOn, tolerance }
    const match = matchPayment(evidence, [offered])
    expect(match.allocations).toEqual([{ invoiceId: offered.id, amount }])
    expect(match.discount?.amount).toBe(discount)
    expect(match.fee?.amount).toBe(fee)
  })
})
