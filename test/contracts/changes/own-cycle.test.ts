import { describe, expect, it } from 'vitest'
import { decideAmendment, type HowToChange } from '../../../src/contracts/changes/amendment-plan.ts'
import type { Contract, ContractProduct } from '../../../src/contracts/contract.ts'
import type { SoldProduct } from '../../../src/contracts/terms/rule.ts'
import { inWhole } from '../../../src/kernel/partly.ts'
import { Problem } from '../../../src/kernel/problem.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'

const SOLD = new Map<string, SoldProduct>([
  ['calls', { kind: 'usage', metric: null }],
  ['seats', { kind: 'recurring', metric: null }],
  ['support', { kind: 'recurring', metric: null }],
])
const flat = (amount: string) => ({ type: 'flat', amount, term: 'in_advance' }) as const
const seats = (amount: string, more: Partial<ContractProduct> = {}) => sold('seats', flat(amount), more)
const calls = (amount: string) => sold('calls', { type: 'unit', unit_amount: amount })

/** A contract by months from 1 January that was invoiced up to 1 March. */
const running = (products: ContractProduct[]): Contract => ({
  ref: 'c',
  number: 'C-1',
  customerRef: 'acme',
  entityRef: 'seller',
  status: 'active',
  version: 1,
  terms: termsOf(products),
  nextCycle: 3,
  nextCloseAt: Date.parse('2026-04-01'),
  createdAt: 0,
})

const amend = (
  contract: Contract,
  change: { products: ContractProduct[] },
  effective: string,
  how: Partial<HowToChange> = {},
): Contract => {
  const asked = { effective, apply: 'by_direction', bill: 'next', ...how } as const
  return decideAmendment(contract, inWhole(change), asked, SOLD, Date.parse('2026-03-10T12:00:00Z'))
}

/** Each price with the days it holds for. */
const spans = ({ terms }: Contract) =>
  terms.products.map(({ product_ref, billing_start_date, billing_end_date }) => [
    product_ref,
    billing_start_date,
    billing_end_date,
  ])

/** The last part of each path: what place it has among products is told elsewhere. */
const refusal = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error instanceof Problem
      ? [error.code, error.faults.map(({ path }) => path.split('.').at(-1))]
      : error
  }
}

describe('a fee with a cycle of its own', () => {
  const yearly = (amount: string, more: Partial<ContractProduct> = {}) =>
    seats(amount, { billing_cycle: { unit: 'YEARLY', cycle: 1 }, ...more })
  const paid = running([yearly('1200')])

  it.each([
    { name: 'a higher fee', after: yearly('2400'), effective: '2026-03-15', day: '2026-03-15' },
    { name: 'a lower fee', after: yearly('600'), effective: '2026-03-15', day: '2027-01-01' },
    {
      name: 'a lower fee of a later month',
      after: yearly('600'),
      effective: '2026-06-01',
      day: '2027-01-01',
    },
    {
      name: 'a lower fee of the next year',
      after: yearly('600'),
      effective: '2027-01-01',
      day: '2027-01-01',
    },
    {
      name: 'a lower fee of a day of the next year',
      after: yearly('600'),
      effective: '2027-03-10',
      day: '2027-03-10',
    },
  ])('inside a paid year begins $name on $day', ({ after, effective, day }) => {
    expect(spans(amend(paid, { products: [after] }, effective))).toEqual([
      ['seats', null, day],
      ['seats', day, null],
    ])
  })

  it('goes on to the end of its year where it is taken out, and changes there where that is asked', () => {
    const without = amend(paid, { products: [calls('1')] }, '2026-03-15')
    expect(spans(without)[0]).toEqual(['seats', null, '2027-01-01'])
    for (const amount of ['600', '2400']) {
      const change = { products: [yearly(amount)] }
      const [, after] = spans(amend(paid, change, '2026-03-15', { apply: 'period_end' }))
      expect(after).toEqual(['seats', '2027-01-01', null])
    }
  })

  it('is no paid year before it begins', () => {
    const later = running([yearly('1200', { billing_start_date: '2026-06-10' })])
    const lower = [yearly('600', { billing_start_date: '2026-06-10' })]
    expect(spans(amend(later, { products: lower }, '2026-03-15'))).toEqual([['seats', '2026-06-10', null]])
  })

  it('takes another cycle where its year ends, and where the other one begins', () => {
    const monthly = amend(paid, { products: [seats('100')] }, '2026-03-15')
    expect(spans(monthly)[1]).toEqual(['seats', '2027-01-01', null])
    const toYears =
      (more: Partial<ContractProduct> = {}) =>
      () =>
        amend(running([seats('100')]), { products: [yearly('1200', more)] }, '2026-03-15')
    // The year of the contract's anchor began in January; months are paid up to April.
    expect(refusal(toYears())).toEqual(['invalid_contract', ['anchor_date']])
    expect(spans(toYears({ anchor_date: '2026-04-01' })() as Contract)[1]).toEqual([
      'seats',
      '2026-04-01',
      null,
    ])
    // The same years, said otherwise
    const same = amend(paid, { products: [yearly('2400', { anchor_date: '2026-01-01' })] }, '2026-03-15')
    expect(spans(same)[1]).toEqual(['seats', '2026-03-15', null])
    const now = () => amend(paid, { products: [seats('100')] }, '2026-03-15', { apply: 'now' })
    expect(refusal(now)).toEqual(['invalid_contract', ['billing_cycle']])
  })

  it.each([
    {
      name: 'usage',
      product: { ...calls('1'), billing_cycle: { unit: 'YEARLY', cycle: 1 } as const },
      path: 'billing_cycle',
    },
    {
      name: 'a shorter one',
      product: sold('support', flat('1'), { billing_cycle: { unit: 'WEEKLY', cycle: 4 } }),
      path: 'billing_cycle',
    },
    { name: 'an anchor alone', product: seats('1', { anchor_date: '2026-01-01' }), path: 'anchor_date' },
  ])('refuses $name', ({ product, path }) => {
    const add = () => amend(running([seats('10')]), { products: [product] }, '2026-04-01')
    expect(refusal(add)).toEqual(['invalid_contract', [path]])
  })
})
