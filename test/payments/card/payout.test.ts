import { assert, bigInt, constantFrom, dictionary, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../../src/ledger/journal-entry.ts'
import {
  largestPart,
  type Payout,
  payoutEntries,
  payoutState,
  splitPayout,
} from '../../../src/payments/card/payout.ts'
import {
  type ProcessorTransaction,
  transactionEntries,
} from '../../../src/payments/card/processor-transaction.ts'
import type { BalanceTransaction } from '../../../src/payments/card/stripe.client.ts'
import { transactionOf } from '../../../src/payments/card/stripe-balance.ts'
import { arrivedPayout } from '../../../src/payments/wire/payout-arrival.ts'

const FACTS = {
  processorRef: 'po_1',
  currency: 'EUR',
  total: 14_180n,
  state: 'paid' as const,
  arrivesOn: '2026-01-20',
  descriptor: 'ACCRUE 4711',
  traceId: 'TRACE99',
  recordedAt: 1,
  paidAt: 1,
  returnedAt: null,
}
const PAYOUT: Payout = { ...FACTS, id: 'pyo_1', entityRef: 'acme', amount: 9_680n }

const lines = (entries: JournalEntry[]) =>
  entries.flatMap(({ event, currency, postings }) =>
    postings.map(({ account, amount }) => [event, account, amount, currency]),
  )

describe('a payout', () => {
  it('is split by seller, under ids that it always has', () => {
    const parts = new Map([
      ['b', 4_500n],
      ['a', 9_680n],
    ])
    const rows = splitPayout(FACTS, parts)
    expect(rows.map(({ entityRef, amount }) => [entityRef, amount])).toEqual([
      ['a', 9_680n],
      ['b', 4_500n],
    ])
    expect(splitPayout(FACTS, parts)).toEqual(rows)
    expect(largestPart(parts)).toBe('a')
  })

  it('never loses or makes money, however many sellers there are', () => {
    const parts = dictionary(constantFrom('a', 'b', 'c'), bigInt({ min: -500n, max: 500n }))
    assert(
      property(parts, (of) => {
        const map = new Map(Object.entries(of))
        const total = [...map.values()].reduce((sum, part) => sum + part, 0n)
        expect(splitPayout(FACTS, map).reduce((sum, { amount }) => sum + amount, 0n)).toBe(total)
      }),
    )
  })

  it.each([
    ['pending', 'in_transit'],
    ['in_transit', 'in_transit'],
    ['paid', 'paid'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
  ])('that Stripe calls %s is %s', (status, state) => expect(payoutState(status)).toBe(state))

  it('is booked when it is paid, and taken back when the bank refuses it after that', () => {
    expect(payoutEntries({ ...PAYOUT, state: 'in_transit' }, undefined, '2026-01-20', 1)).toEqual([])
    const paid = payoutEntries(PAYOUT, 'in_transit', '2026-01-20', 1)
    expect(lines(paid)).toEqual([
      ['payout_paid', 'cash', 9_680n, 'EUR'],
      ['payout_paid', 'stripe_clearing', -9_680n, 'EUR'],
    ])
    expect(payoutEntries(PAYOUT, 'paid', '2026-01-20', 2)).toEqual([])
    const failed = payoutEntries({ ...PAYOUT, state: 'failed' }, 'paid', '2026-01-25', 2)
    expect(failed).toMatchObject([{ reverses: paid[0]?.id, postingDate: '2026-01-25' }])
    expect(payoutEntries({ ...PAYOUT, state: 'failed' }, 'in_transit', '2026-01-25', 2)).toEqual([])
    expect(payoutEntries({ ...PAYOUT, state: 'failed' }, undefined, '2026-01-25', 2)).toEqual([])
  })
})

describe('a balance transaction', () => {
  const found = (fields: Partial<BalanceTransaction>) =>
    ({
      id: 'txn_1',
      type: 'charge',
      amount: 10_000,
      fee: 320,
      currency: 'eur',
      created: Date.UTC(2026, 0, 19, 23, 30) / 1000,
      ...fields,
    }) as BalanceTransaction
  const payment = { id: 'pay_1', entityRef: 'acme', customerRef: 'globex' }
  const read = (fields: Partial<BalanceTransaction>, object: string, amount: number, currency = 'eur') =>
    transactionOf(found(fields), { object, amount, currency }, payment, { timezone: 'Europe/Berlin', now: 1 })

  it('of a charge posts its fee on the day of the seller', () => {
    const moved = read({}, 'charge', 10_000)
    expect(moved.movedOn).toBe('2026-01-20')
    expect(lines(transactionEntries(moved))).toEqual([
      ['processor_fee', 'processor_fees', 320n, 'EUR'],
      ['processor_fee', 'stripe_clearing', -320n, 'EUR'],
    ])
  })

  it('of a dispute posts nothing: 100.00 and 15.00 are in the entry of the dispute', () => {
    const moved: ProcessorTransaction = read(
      { type: 'adjustment', amount: -10_000, fee: 1_500 },
      'dispute',
      10_000,
    )
    expect(moved).toMatchObject({ amount: -11_500n, fee: 0n, originAmount: -10_000n })
    expect(transactionEntries(moved)).toEqual([])
  })

  it('in another currency leaves clearing in the one and enters it in the other', () => {
    // 100.00 USD are 92.00 EUR, less 3.00 EUR.
    expect(lines(transactionEntries(read({ amount: 9_200, fee: 300 }, 'charge', 10_000, 'usd')))).toEqual([
      ['processor_conversion_out', 'fx_gain_loss', 10_000n, 'USD'],
      ['processor_conversion_out', 'stripe_clearing', -10_000n, 'USD'],
      ['processor_conversion_in', 'stripe_clearing', 9_200n, 'EUR'],
      ['processor_conversion_in', 'fx_gain_loss', -9_200n, 'EUR'],
      ['processor_fee', 'processor_fees', 300n, 'EUR'],
      ['processor_fee', 'stripe_clearing', -300n, 'EUR'],
    ])
  })
})

describe('a line of a bank statement', () => {
  const line = { amount: 14_180n, currency: 'EUR', bookedOn: '2026-01-21', payer: {}, reference: '' }
  it.each([
    ['that names Stripe', { payer: { name: 'Stripe Payments Europe' } }, true],
    ['with the descriptor', { reference: 'accrue-4711' }, true],
    ['with the trace id', { reference: 'REF TRACE99' }, true],
    ['with the amount alone', {}, false],
    ['of another amount', { amount: 14_181n, reference: 'STRIPE' }, false],
    ['in another currency', { currency: 'USD', reference: 'STRIPE' }, false],
    ['a day before', { bookedOn: '2026-01-19', reference: 'STRIPE' }, true],
    ['eight days after', { bookedOn: '2026-01-28', reference: 'STRIPE' }, false],
  ])('%s', (_, fields, isPayout) => {
    expect(arrivedPayout({ ...line, ...fields }, [PAYOUT])).toBe(isPayout ? PAYOUT : undefined)
  })
})
