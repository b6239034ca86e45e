import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokenUnits, tokenValue } from '../../../src/payments/crypto/token.ts'

describe('tokens for an amount', () => {
  it.each([
    ['1050.00 USD in 6 decimals', 105_000n, 'USD', 6, 1_050_000_000n],
    ['0.01 USD in 6 decimals', 1n, 'USD', 6, 10_000n],
    ['0.01 USD in 18 decimals', 1n, 'USD', 18, 10_000_000_000_000_000n],
    ['1500 JPY, which has no minor unit, in 18 decimals', 1_500n, 'JPY', 18, 1_500n * 10n ** 18n],
    ['1.234 KWD in 6 decimals', 1_234n, 'KWD', 6, 1_234_000n],
    ['0.01 USD in 2 decimals', 1n, 'USD', 2, 1n],
  ])('%s', (_, amount, currency, decimals, units) => {
    expect(tokenUnits(amount, currency, decimals)).toBe(units)
  })

  it('do not exist where the token is too coarse: 1.23 USD in whole tokens', () => {
    expect(tokenUnits(123n, 'USD', 0)).toBeUndefined()
    expect(tokenUnits(200n, 'USD', 0)).toBe(2n)
  })
})

describe('the value of tokens', () => {
  it.each([
    ['1.999999 tokens are 1.99 USD', 1_999_999n, 6, 'USD', 199n],
    ['0.009999 tokens are nothing', 9_999n, 6, 'USD', 0n],
    ['0.01 tokens are 0.01 USD', 10_000n, 6, 'USD', 1n],
    ['1.5 tokens are 1 JPY', 1_500_000n, 6, 'JPY', 1n],
    ['2 whole tokens are 2.00 USD', 2n, 0, 'USD', 200n],
  ])('%s', (_, units, decimals, currency, value) => {
    expect(tokenValue(units, decimals, currency)).toBe(value)
  })

  it('of what was asked for is the amount asked, and of anything never more than arrived', () => {
    const currency = fc.constantFrom('USD', 'JPY', 'KWD', 'CLF')
    const decimals = fc.integer({ min: 0, max: 24 })
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), currency, decimals, (amount, code, places) => {
        const units = tokenUnits(amount, code, places)
        if (units !== undefined) expect(tokenValue(units, places, code)).toBe(amount)
      }),
    )
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), currency, decimals, (units, code, places) => {
        const back = tokenUnits(tokenValue(units, places, code), code, places)
        if (back !== undefined) expect(back).toBeLessThanOrEqual(units)
      }),
    )
  })
})
