import { describe, expect, it } from 'vitest'
import { discountsInWords, taxesInWords } from '../../src/console/invoice-terms-words.ts'
import { plainTax } from '../../src/contracts/terms/tax-terms.ts'
import { termsOf } from '../support/contract-terms.ts'

describe('taxes and discounts in words', () => {
  it('name each tax with what is special about it', () => {
    expect(taxesInWords(termsOf([], { tax_percent: '19' }))).toBe('Tax 19%')
    expect(taxesInWords(termsOf([], { taxes: [] }))).toBe('None')
    const taxes = [
      { ...plainTax('20'), name: 'VAT', inclusive: true, tax_codes: ['saas'] },
      { ...plainTax('0'), name: 'Levy', reason: 'reverse_charge' as const },
    ]
    expect(taxesInWords(termsOf([], { taxes }))).toBe(
      'VAT 20%, included, on tax codes saas; Levy 0%, reverse charge',
    )
  })

  it('say how much is off what, and when', () => {
    const always = { products: null, from: null, until: null, cycles: null }
    const discounts = [
      { ...always, name: 'Loyal', type: 'percent' as const, value: '12.5' },
      { ...always, name: 'Start', type: 'fixed' as const, value: '50', products: ['seats'], cycles: 3 },
      {
        ...always,
        name: 'Spring',
        type: 'percent' as const,
        value: '5',
        from: '2026-03-01',
        until: '2026-06-01',
      },
    ]
    expect(discountsInWords(termsOf([], { discounts }))).toEqual([
      'Loyal: 12.5% off the invoice',
      'Start: $50.00 off seats, for 3 cycles',
      'Spring: 5% off the invoice, from 1 March 2026, before 1 June 2026',
    ])
  })
})
