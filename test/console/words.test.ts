import { describe, expect, it } from 'vitest'
import { cycleInWords, inWords, priceInWords } from '../../src/console/words.ts'

describe('words of the console', () => {
  it('names accounts, events and rules as people write them', () => {
    expect(inWords('accounts_receivable')).toBe('Accounts receivable')
    expect(inWords('PARTIALLY_PAID')).toBe('Partially paid')
  })

  it.each([
    ['MONTHLY', 1, 'every month'],
    ['WEEKLY', 2, 'every 2 weeks'],
    ['YEARLY', 1, 'every year'],
  ] as const)('says a cycle of %s × %i', (unit, cycle, words) => {
    expect(cycleInWords({ unit, cycle })).toBe(words)
  })

  it('keeps every digit of a unit price', () => {
    expect(priceInWords({ type: 'unit', unit_amount: '0.0004' }, 'EUR', 'call')).toEqual(['€0.0004 per call'])
    expect(priceInWords({ type: 'unit', unit_amount: '2' }, 'JPY', 'call')).toEqual(['¥2 per call'])
  })

  it('says when a flat fee is billed', () => {
    expect(priceInWords({ type: 'flat', amount: '1050', term: 'in_advance' }, 'USD', 'unit')).toEqual([
      '$1,050.00, billed in advance',
    ])
  })

  it('says the bounds of tiers, which begin above the tier before', () => {
    const tiers = [
      { up_to: '1000', unit_amount: '0.10', flat_amount: '0' },
      { up_to: '10000', unit_amount: '0.08', flat_amount: '5' },
      { up_to: null, unit_amount: '0.05', flat_amount: '0' },
    ]
    expect(priceInWords({ type: 'graduated', tiers }, 'USD', 'unit')).toEqual([
      'First 1,000: $0.10 per unit',
      'Above 1,000, to 10,000: $0.08 per unit plus $5.00',
      'Above 10,000: $0.05 per unit',
    ])
    expect(priceInWords({ type: 'graduated', tiers: [tiers[2]!] }, 'USD', 'unit')).toEqual([
      'All: $0.05 per unit',
    ])
  })
})
