import { expect, it } from 'vitest'
import { commitmentInWords, renewalInWords, scheduleInWords } from '../../src/console/schedule-words.ts'
import type { ContractProduct } from '../../src/contracts/contract.ts'
import { sold, termsOf } from '../support/contract-terms.ts'

const words = { currency: 'USD', unitName: 'seat' }
const fee = { type: 'flat', amount: '120', term: 'in_advance' } as const

it.each<{ given: Partial<ContractProduct>; said: string[] }>([
  {
    given: {
      ramp: [
        { from: '2026-04-16', model: fee },
        { from: 6, quantity: '8' },
      ],
    },
    said: ['From 16 Apr 2026: $120.00, billed in advance', 'From cycle 6: quantity 8'],
  },
  {
    given: { escalator: { every: 12, unit: 'months', percent: '3' } },
    said: ['Rises every 12 months by 3 %'],
  },
  {
    given: { escalator: { every: 1, unit: 'cycles', index: ['2', '1.5'] } },
    said: ['Rises every cycle by an index: 2 %, 1.5 %'],
  },
  {
    given: { billing_cycle: { unit: 'YEARLY', cycle: 1 }, anchor_date: '2026-06-10' },
    said: ['Billed every year, counted from 10 Jun 2026'],
  },
  {
    given: { trial_end_date: '2026-03-15', credit_removals: true },
    said: ['Free before 15 Mar 2026', 'Removed seats are credited'],
  },
  {
    given: { accumulate: 'contract', price_book: { ref: 'list', version: 2 } },
    said: ['Tiers go on through the contract', 'From price book list, version 2'],
  },
])('a schedule says $said', ({ given, said }) => {
  expect(scheduleInWords(sold('seats', fee, given), words)).toEqual(said)
})

it('says what is committed, and how a contract goes on', () => {
  const commitment = {
    amount: '4000',
    period: 'year',
    true_up: true,
    overage_factor: '1.5',
    product_ref: null,
    start_date: '2026-01-01',
    end_date: null,
  } as const
  expect(commitmentInWords(termsOf([], { commitments: [commitment] }))).toBe(
    '4000 USD for each year, what is missing is billed, what goes beyond counts 1.5 times',
  )
  expect(commitmentInWords(termsOf([]))).toBeNull()
  const renewal = {
    auto: true,
    term_months: 12,
    notice_days: 30,
    price_uplift_percent: '3',
    notice_date: null,
  }
  expect([
    renewalInWords(renewal, '2027-01-01'),
    renewalInWords({ ...renewal, notice_date: '2026-05-01' }, '2027-01-01'),
    renewalInWords(null, '2027-01-01'),
    renewalInWords(renewal, null),
  ]).toEqual([
    "By itself for 12 months, 30 days' notice, prices rise by 3 %",
    'Ends on its end date; notice was given on 1 May 2026',
    'Ends on its end date',
    null,
  ])
})
