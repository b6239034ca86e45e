import { expect, it } from 'vitest'
import type { ContractTerms } from '../../../src/contracts/contract.ts'
import { windowOfCycle } from '../../../src/contracts/terms/commitment.ts'
import { elapsedAt } from '../../../src/contracts/terms/window-progress.ts'
import { compare, rational } from '../../../src/kernel/rational.ts'
import { termsOf } from '../../support/contract-terms.ts'

const yearly = (more: Partial<ContractTerms> = {}) => {
  const commitment = {
    amount: '12000',
    period: 'year' as const,
    true_up: true,
    overage_factor: '1',
    product_ref: null,
    start_date: more.start_date ?? '2026-01-01',
    end_date: null,
  }
  return termsOf([], { commitments: [commitment], ...more })
}
const MID_MONTH = { start_date: '2026-01-15', anchor_date: '2026-01-15' }
const STUB = { start_date: '2026-01-15', anchor_date: '2026-02-01' }

it.each<[string, Partial<ContractTerms>, string, [bigint, bigint]]>([
  ['nothing before it begins', {}, '2025-12-31', [0n, 1n]],
  ['a twelfth when January is over', {}, '2026-02-01', [1n, 12n]],
  ['two twelfths with February, however short', {}, '2026-03-01', [2n, 12n]],
  ['a part of a month by its days: (3 + 15/30) / 12', {}, '2026-04-16', [42n, 144n]],
  ['all at its end, and after it', {}, '2027-03-01', [1n, 1n]],
  [
    'by quarters: 31 days of 90, of one of four',
    { billing_cycle: { unit: 'QUARTERLY', cycle: 1 } },
    '2026-02-01',
    [31n, 360n],
  ],
  [
    'by days, where cycles are counted in days',
    { billing_cycle: { unit: 'DAILY', cycle: 1 } },
    '2026-02-01',
    [31n, 365n],
  ],
  ['17 of 31 days of a month from the 15th', MID_MONTH, '2026-02-01', [17n, 372n]],
  // The window goes on to the end of the cycle in which the year is over: 17/31 and twelve whole months.
  ['a first cycle that is short counts by its days: 17/31 of 12 17/31', STUB, '2026-02-01', [17n, 389n]],
])('of a year %s', (_, more, day, [num, den]) => {
  const terms = yearly(more)
  expect(compare(elapsedAt(terms, windowOfCycle(terms, 1)!, day), rational(num, den))).toBe(0)
})
