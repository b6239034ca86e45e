import { describe, expect, it } from 'vitest'
import { currencyCodes, currencyDigits } from '../../../src/kernel/currency.ts'
import { fromStripeAmount, toStripeAmount } from '../../../src/payments/card/stripe-amount.ts'

describe('an amount for Stripe', () => {
  it.each([
    ['USD', 105_000n, 105_000, '1050.00: hundredths on both sides'],
    ['JPY', 1_050n, 1_050, '1050: no minor unit on either side'],
    ['ISK', 500n, 50_000, '500 krónur: none in ISO 4217, hundredths at Stripe'],
    ['UGX', 3_700n, 370_000, '3700 shillings: the same'],
    ['KWD', 5_120n, 5_120, '5.120: thousandths, the last one 0'],
    ['MGA', 5_000n, 50, '50.00 ariary: hundredths in ISO 4217, none at Stripe'],
  ])('%s %s is %s (%s)', (currency, minor, stripe) => {
    expect(toStripeAmount(minor, currency)).toBe(stripe)
    expect(fromStripeAmount(stripe, currency)).toBe(minor)
    expect(fromStripeAmount(stripe, currency.toLowerCase())).toBe(minor)
  })

  it.each([
    ['KWD', 5_124n, '5.124 has a third decimal that card networks do not take'],
    ['MGA', 5_050n, '50.50 ariary: Stripe knows no part of one'],
    ['USD', 0n, 'nothing'],
    ['USD', -100n, 'less than nothing'],
    ['USD', 2n ** 53n, 'more than a number holds exactly'],
  ])('%s %s is refused: %s', (currency, minor) => {
    expect(() => toStripeAmount(minor, currency)).toThrow(
      expect.objectContaining({ code: 'amount_not_chargeable' }),
    )
  })

  it('comes back the same in every currency', () => {
    for (const currency of currencyCodes()) {
      const minor = 12_300n * 10n ** BigInt(currencyDigits(currency))
      expect(fromStripeAmount(toStripeAmount(minor, currency), currency)).toBe(minor)
    }
  })

  it('finer than the minor unit is a fault: 50 hundredths of a króna', () => {
    expect(() => fromStripeAmount(50, 'ISK')).toThrow(RangeError)
  })
})
