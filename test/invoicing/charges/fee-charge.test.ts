import { expect, it } from 'vitest'
import { oneTimeCharges, recurringCharges } from '../../../src/invoicing/charges/fee-charge.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { flat, PRODUCTS } from '../closing.ts'

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

it.each([
  { name: 'its day', ends: null, contractEnds: null, serviceEnd: '2026-03-16' },
  { name: 'the days up to its end', ends: '2027-03-15', contractEnds: null, serviceEnd: '2027-03-15' },
  {
    name: 'those up to the end of the contract',
    ends: '2027-03-15',
    contractEnds: '2027-01-01',
    serviceEnd: '2027-01-01',
  },
])('a one-time fee is for $name', ({ ends, contractEnds, serviceEnd }) => {
  const dates = { billing_start_date: '2026-03-15', billing_end_date: ends }
  const terms = termsOf([sold('setup', flat('365.00'), dates)], { end_date: contractEnds })
  const [fee] = oneTimeCharges({ terms, products: PRODUCTS, rounding: 'half_up' }, 3)
  expect(fee).toMatchObject({ amount: 36500n, serviceStart: '2026-03-15', serviceEnd, serviceCycleNo: 3 })
})
