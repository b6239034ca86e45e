import { describe, expect, it } from 'vitest'
import { move, owedOf, untouched } from '../../../src/credits/movement.ts'
import { creditLost } from '../../../src/payments/card/disputed-credit.ts'
import { paidGrant } from '../../credits/grants.ts'

/** 1,200.00 for 1,000.00, of which 900.00 are used: 300.00 are left, which have cost 250.00. */
const pack = move(untouched(paidGrant({ amount: 120_000n, costBasis: 100_000n })), {
  ...{ kind: 'burnt', amount: 90_000n, actor: 'billing', at: 0 },
}).state

describe('credit whose payment is lost to a dispute', () => {
  it.each([
    // The whole invoice was paid by it.
    ['all of it', { paid: 100_000n, owed: 100_000n }, 100_000n, 25_000n],
    ['half of the payment', { paid: 100_000n, owed: 100_000n }, 50_000n, 12_500n],
    // An invoice of 1,500.00, of which the payment of 1,000.00 settled two thirds: 250.00 × 2/3.
    ['a payment of a part', { paid: 100_000n, owed: 150_000n }, 100_000n, 16_667n],
    // Of an invoice that was credited below what was paid of it.
    ['no more than there is', { paid: 100_000n, owed: 80_000n }, 100_000n, 25_000n],
    ['nothing of an invoice that owes nothing', { paid: 0n, owed: 0n }, 100_000n, 0n],
  ])('loses %s', (_, bought, disputed, taken) => {
    const loss = { disputed, payment: 100_000n, reason: 'fraudulent', now: 1 }
    const lost = creditLost([{ states: [pack], ...bought }], loss)
    expect(lost.taken).toBe(taken)
    expect(lost.moved.map(({ state }) => owedOf(state))).toEqual(taken === 0n ? [] : [25_000n - taken])
  })
})
