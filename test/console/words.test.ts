import { describe, expect, it } from 'vitest'
import { cycleInWords, inWords } from '../../src/console/words.ts'

describe('words of the console', () => {
  it('names accounts, events and rules as people write them', () => {
    expect(inWords('accounts_receivable')).toBe('Accounts receivable')
    expect(inWords('PARTIALLY_PAID')).toBe('Partially paid')
    expect(inWords('fx_gain_loss')).toBe('FX gain loss')
  })

  it.each([
    ['MONTHLY', 1, 'every month'],
    ['WEEKLY', 2, 'every 2 weeks'],
    ['YEARLY', 1, 'every year'],
  ] as const)('says a cycle of %s × %i', (unit, cycle, words) => {
    expect(cycleInWords({ unit, cycle })).toBe(words)
  })
})
