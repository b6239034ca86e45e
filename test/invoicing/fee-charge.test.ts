import { expect, it } from 'vitest'
import { recurringCharges } from '../../src/invoicing/fee-charge.ts'
import { sold, termsOf } from '../support/contract-terms.ts'
import { flat, PRODUCTS } from './closing.ts'

it.each([
  // 17 of 31 days: 100.00 × 17/31 = 54.838…
  { proration: 'day', amount: 5484n, part: '17/31' },
  // New York's March has 743 hours, 408 of them from the 15th on: 100.00 × 408/743 = 54.912…
  { proration: 'second', amount: 5491n, part: '408/743' },
] as const)('prorates by the $proration', ({ proration, amount, part }) => {
  const terms = termsOf([sold('seats', flat('100.00'), { billing_start_date: '2026-03-15' })], {
    timezone: 'America/New_York',
    proration,
  })
  const [fee] = recurringCharges({ terms, products: PRODUCTS, rounding: 'half_up' }, 2)
  expect(fee).toMatchObject({
    amount,
    detail: [{ description: `Flat fee, ${part} of the period`, amount: `${amount / 100n}.${amount % 100n}` }],
  })
})
