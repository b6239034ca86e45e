import { describe, expect, it } from 'vitest'
import { boundTo, unpaidOf } from '../../../src/closing/presentation/advance.ts'
import { termsOf } from '../../support/contract-terms.ts'

describe('the service that a customer is bound to', () => {
  it.each([
    ['is what has begun, without an end', { end_date: null }, { through: '2026-01-31', orBegun: true }],
    // 28 days of February and two of March.
    [
      'ends with the notice',
      { end_date: null, termination_notice_days: 30 },
      { through: '2026-03-02', orBegun: false },
    ],
    [
      'ends with the notice of a term, too',
      { end_date: '2027-01-01', termination_notice_days: 14 },
      { through: '2026-02-14', orBegun: false },
    ],
    [
      'ends today where nobody has to give notice',
      { end_date: null, termination_notice_days: 0 },
      { through: '2026-01-31', orBegun: false },
    ],
    ['lasts for a term that nobody can leave', { end_date: '2027-01-01' }, null],
  ])('%s', (_, terms, bound) => {
    expect(boundTo(termsOf([], terms), '2026-01-31')).toEqual(bound)
  })
})

describe('the part of an amount that is not paid', () => {
  it.each([
    ['all of it', 90_000n, 119_000n, 119_000n, 90_000n],
    ['as much as of the invoice', 90_000n, 119_000n, 59_500n, 45_000n],
    // 100 × 1 / 3 = 33.3; 200 × 1 / 3 = 66.7
    ['rounded down', 100n, 3n, 1n, 33n],
    ['rounded up', 200n, 3n, 1n, 67n],
    ['nothing of a paid invoice', 90_000n, 119_000n, 0n, 0n],
    ['nothing of an invoice of nothing', 0n, 119_000n, 119_000n, 0n],
    ['nothing of what is given back', -100n, 119_000n, 119_000n, 0n],
  ])('%s', (_, amount, billed, open, unpaid) => {
    expect(unpaidOf(amount, { id: 'i', contractRef: 'k', currency: 'USD', billed, open })).toBe(unpaid)
  })
})
