import { describe, expect, it } from 'vitest'
import { mayAccrue } from '../../../src/revenue/accrual/accruable.ts'
import { flat, unit } from '../../invoicing/closing.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'

const quarterly = { billing_cycle: { unit: 'QUARTERLY' as const, cycle: 1 } }

const committed = (start_date: string) => ({
  commitments: [
    {
      amount: '100',
      period: 'year' as const,
      true_up: true,
      overage_factor: '1',
      product_ref: null,
      start_date,
      end_date: null,
    },
  ],
})

describe('a contract that is looked at for an accrual at the end of January', () => {
  it.each([
    ['usage in a running quarter', [sold('calls', unit('1'))], quarterly, 1, true],
    ['usage of a month that is invoiced', [sold('calls', unit('1'))], {}, 2, false],
    ['usage of a month that is not invoiced', [sold('calls', unit('1'))], {}, 1, true],
    ['a fee in arrears', [sold('support', flat('9', 'in_arrears'))], quarterly, 1, true],
    ['a fee in advance', [sold('seats', flat('9'))], quarterly, 1, false],
    ['a fee in advance that is not invoiced', [sold('seats', flat('9'))], quarterly, 0, true],
    ['usage charged as it happens', [sold('calls', unit('1'), { bill: 'advance' })], quarterly, 1, false],
    ['a trial', [sold('seats', flat('9'), { trial_end_date: '2026-01-10' })], quarterly, 1, true],
    [
      'a fee in advance, in a year that is committed',
      [sold('seats', flat('9'))],
      committed('2026-01-01'),
      2,
      true,
    ],
    ['the same, committed from February on', [sold('seats', flat('9'))], committed('2026-02-01'), 2, false],
    [
      'usage from February on',
      [sold('calls', unit('1'), { billing_start_date: '2026-02-01' })],
      quarterly,
      1,
      false,
    ],
    [
      'a contract from February on',
      [sold('calls', unit('1'))],
      { start_date: '2026-02-01', anchor_date: '2026-02-01' },
      0,
      false,
    ],
    [
      'a fee in arrears by a cycle of its own, its contract invoiced',
      [sold('support', flat('9', 'in_arrears'), quarterly)],
      {},
      2,
      true,
    ],
    [
      'the same that ended before the cycle',
      [sold('support', flat('9', 'in_arrears'), { ...quarterly, billing_end_date: '2026-01-20' })],
      {},
      2,
      false,
    ],
  ])('%s', (_, products, more, nextCycle, expected) => {
    const terms = termsOf(products, more)
    expect(mayAccrue({ terms, nextCycle, version: 1 }, '2026-01-31')).toBe(expected)
  })

  it('an amended contract may have changes that are billed later', () => {
    const terms = termsOf([sold('seats', flat('9'))], quarterly)
    expect(mayAccrue({ terms, nextCycle: 1, version: 2 }, '2026-01-31')).toBe(true)
  })
})
