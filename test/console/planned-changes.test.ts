import { expect, it } from 'vitest'
import { plannedChanges } from '../../src/console/planned-changes.ts'
import { sold, termsOf } from '../support/contract-terms.ts'

const words = {
  nameOf: (ref: string) => ref.toUpperCase(),
  priceOf: ({ model }: { model: { type: string; amount?: string } }) => `$${model.amount}`,
}
const seats = (quantity: string, more: object) =>
  sold('seats', { type: 'flat', amount: '20', term: 'in_advance' }, { quantity, ...more })

it('tells what is agreed for the days to come, in their order', () => {
  const terms = termsOf(
    [
      seats('5', { billing_end_date: '2026-04-01' }),
      seats('8', { billing_start_date: '2026-04-01', billing_end_date: '2026-06-01' }),
      sold('support', { type: 'flat', amount: '9', term: 'in_arrears' }, { trial_end_date: '2026-03-20' }),
      sold('setup', { type: 'flat', amount: '1', term: 'in_advance' }, { billing_start_date: '2026-02-01' }),
    ],
    {
      timezone: 'Asia/Tokyo',
      earlier_zones: [{ timezone: 'UTC', until: '2026-05-01' }],
      end_date: '2026-07-01',
      credits_unused: true,
    },
  )
  expect(plannedChanges(terms, '2026-03-10', words)).toEqual([
    { day: '2026-03-20', words: 'SUPPORT: the trial is over, and it is paid for' },
    { day: '2026-04-01', words: 'SEATS: 8 at $20, in place of 5 at $20' },
    { day: '2026-05-01', words: 'Cycles are counted in Asia/Tokyo' },
    { day: '2026-06-01', words: 'SEATS ends' },
    {
      day: '2026-07-01',
      words: 'The contract ends; the last day is 2026-06-30, and what was billed beyond it is given back',
    },
  ])
})

it('tells nothing where nothing is planned', () => {
  expect(plannedChanges(termsOf([seats('5', {})]), '2026-03-10', words)).toEqual([])
})

it('leaves open whether a contract that renews goes on', () => {
  const renewal = {
    auto: true,
    term_months: 12,
    notice_days: 30,
    price_uplift_percent: null,
    notice_date: null,
  }
  const terms = termsOf([], { end_date: '2027-01-01', renewal })
  expect(plannedChanges(terms, '2026-03-10', words)[0]?.words).toContain('if it renews')
})
