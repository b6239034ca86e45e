import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  carriedShare,
  type TokenReceipt,
  valuationOf,
  valuedEntries,
} from '../../../src/payments/crypto/fair-value.ts'
import type { Payment } from '../../../src/payments/payment.ts'

const receipt: TokenReceipt = {
  paymentId: 'pay_1',
  token: 'USDC',
  currency: 'USD',
  receivedOn: '2026-05-20',
  amount: 100_000n,
}

const payment: Payment = {
  id: 'pay_1',
  rail: 'crypto',
  externalKey: 'x',
  entityRef: 'acme',
  customerRef: 'globex',
  currency: 'USD',
  amount: 100_000n,
  receivedOn: '2026-05-20',
  payer: {},
  reference: '',
  recordedAt: 1,
}

describe('tokens at fair value', () => {
  it.each([
    // 1,000.00 x 0.9987 = 998.70: a loss of 1.30.
    { rate: '0.9987', refunded: 0n, fairValue: 99_870n, postings: [-130n, 130n] },
    // 1,000.00 x 1.0004 = 1,000.40: a gain of 0.40.
    { rate: '1.0004', refunded: 0n, fairValue: 100_040n, postings: [40n, -40n] },
    // 900.00 x 0.9987 = 898.83: 100.00 had left at par.
    { rate: '0.9987', refunded: 10_000n, fairValue: 89_883n, postings: [-117n, 117n] },
    // 1,000.00 x 0.999995 = 999.995, half up 1,000.00: nothing to post.
    { rate: '0.999995', refunded: 0n, fairValue: 100_000n, postings: [] },
    // All of it is gone.
    { rate: '0.5', refunded: 100_000n, fairValue: 0n, postings: [] },
  ])('at $rate with $refunded refunded', ({ rate, refunded, fairValue, postings }) => {
    const valuation = valuationOf(receipt, refunded, rate, 2)
    expect(valuation).toEqual({ rate, valued: 100_000n - refunded, fairValue, valuedAt: 2 })
    const posted = valuedEntries(payment, receipt, valuation).flatMap((entry) => entry.postings)
    expect(posted.map(({ account }) => account)).toEqual(
      postings.length === 0 ? [] : ['crypto_assets', 'fx_gain_loss'],
    )
    expect(posted.map(({ amount }) => amount)).toEqual(postings)
  })

  it('says the rate, under the day of the payment', () => {
    const [entry] = valuedEntries(payment, receipt, valuationOf(receipt, 0n, '0.9987', 2))
    expect(entry).toMatchObject({
      event: 'tokens_valued',
      sourceId: 'pay_1',
      postingDate: '2026-05-20',
      description: 'USDC at 0.9987 USD',
    })
  })

  it('leave in parts that take all they are carried at, and nothing more', () => {
    const parts = fc.array(fc.bigInt(1n, 1_000_000n), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(parts, fc.bigInt(0n, 10_000_000n), (amounts, carried) => {
        const held = { amount: amounts.reduce((a, b) => a + b, 0n), carried }
        for (const amount of amounts) {
          held.carried -= carriedShare(held, amount)
          held.amount -= amount
        }
        expect(held).toEqual({ amount: 0n, carried: 0n })
      }),
    )
  })
})
