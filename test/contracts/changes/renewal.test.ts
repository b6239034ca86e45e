import { describe, expect, it } from 'vitest'
import { faultsOfRenewal, renewalInstant, renewedTerms } from '../../../src/contracts/changes/renewal.ts'
import type { Contract, ContractTerms, Renewal } from '../../../src/contracts/contract.ts'
import { contractState } from '../../../src/contracts/contract-state.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'

const RENEWAL: Renewal = {
  auto: true,
  term_months: 12,
  notice_days: 30,
  price_uplift_percent: '3',
  notice_date: null,
}
const fee = { type: 'flat', amount: '100', term: 'in_advance' } as const
const yearly = (more: Partial<ContractTerms> = {}, products = [sold('seats', fee)]) =>
  termsOf(products, { end_date: '2027-01-01', renewal: RENEWAL, ...more })

const renewed = (terms: ContractTerms) => renewedTerms(terms, (ref) => ref === 'setup')

describe('renewedTerms', () => {
  it('adds a term, and raises each price from its first day', () => {
    const { from, terms } = renewed(yearly())
    // 100 × 1.03
    expect([from, terms.end_date, terms.renewals]).toEqual(['2027-01-01', '2028-01-01', 1])
    expect(terms.products).toEqual([
      sold('seats', fee, { billing_end_date: '2027-01-01' }),
      sold('seats', { ...fee, amount: '103' }, { billing_start_date: '2027-01-01' }),
    ])
    // Once more: 103 × 1.03 = 106.09, and the first price stays as it was.
    const again = renewed(terms)
    expect(again.terms.products.map(({ model }) => model)).toEqual([
      fee,
      { ...fee, amount: '103' },
      { ...fee, amount: '106.09' },
    ])
  })

  it('leaves alone what is due once, what has ended, and what rises by itself', () => {
    const products = [
      sold('setup', fee),
      sold('support', fee, { billing_end_date: '2026-06-01' }),
      sold('seats', fee, { escalator: { every: 12, unit: 'cycles', percent: '5' } }),
      sold('calls', { type: 'unit', unit_amount: '1' }, { ramp: [{ from: 20, model: fee }] }),
    ]
    expect(renewed(yearly({}, products)).terms.products).toEqual(products)
  })

  it('keeps all prices without an uplift', () => {
    const terms = yearly({ renewal: { ...RENEWAL, price_uplift_percent: null } })
    expect(renewed(terms).terms.products).toEqual(terms.products)
  })

  it('ends a term with a cycle: the first end on or after its months', () => {
    // From the 31st: a year and a month after 28 February would be 28 March, inside a cycle up to the 31st.
    const month = { ...RENEWAL, term_months: 1 }
    const from31 = { start_date: '2026-01-31', anchor_date: '2026-01-31', end_date: '2026-02-28' }
    expect(renewed(yearly({ ...from31, renewal: month })).terms.end_date).toBe('2026-03-31')
    const quarters = { billing_cycle: { unit: 'QUARTERLY', cycle: 1 } as const, renewal: month }
    expect(renewed(yearly(quarters)).terms.end_date).toBe('2027-04-01')
  })

  it('commits anew what was committed for the contract', () => {
    const commitment = {
      amount: '1000',
      period: 'contract',
      true_up: true,
      overage_factor: '1',
      product_ref: null,
      start_date: '2026-01-01',
      end_date: '2027-01-01',
    } as const
    expect(renewed(yearly({ commitments: [commitment] })).terms.commitments).toEqual([
      commitment,
      { ...commitment, start_date: '2027-01-01', end_date: '2028-01-01' },
    ])
  })
})

describe('renewalInstant', () => {
  it.each<{ name: string; given: Partial<ContractTerms>; status?: Contract['status']; at: string | null }>([
    // 30 days before 1 January are 2 December; midnight in New York is 05:00Z.
    { name: 'the last day for notice', given: { timezone: 'America/New_York' }, at: '2026-12-02T05:00:00Z' },
    { name: 'never without an end', given: { end_date: null }, at: null },
    { name: 'never after notice', given: { renewal: { ...RENEWAL, notice_date: '2026-05-01' } }, at: null },
    { name: 'never where none is agreed', given: { renewal: null }, at: null },
    { name: 'never of a draft', given: {}, status: 'draft', at: null },
  ])('is $name', ({ given, status = 'active', at }) => {
    expect(renewalInstant({ status, terms: yearly(given) })).toBe(at === null ? null : Date.parse(at))
  })
})

it.each([
  { name: 'no end to renew on', given: { end_date: null }, paths: ['renewal.auto'] },
  { name: 'an end inside a cycle', given: { end_date: '2027-01-15' }, paths: ['end_date'] },
  { name: 'nothing in a year', given: {}, paths: [] },
])('faultsOfRenewal finds $name', ({ given, paths }) => {
  expect(faultsOfRenewal(yearly(given)).map(({ path }) => path)).toEqual(paths)
})

it.each<{ given: Partial<Contract>; state: string }>([
  { given: { status: 'draft', version: 3 }, state: 'draft' },
  { given: {}, state: 'active' },
  { given: { version: 2 }, state: 'amended' },
  { given: { version: 2, signedVersion: 2 }, state: 'active' },
  { given: { version: 3, terms: yearly({ renewals: 1 }) }, state: 'renewed' },
  { given: { status: 'cancelled', version: 2 }, state: 'cancelled' },
  { given: { status: 'ended' }, state: 'ended' },
])('a contract with $given is $state', ({ given, state }) => {
  const contract = { status: 'active', version: 1, terms: yearly(), ...given } as Contract
  expect(contractState(contract)).toBe(state)
})
