import { describe, expect, it } from 'vitest'
import { amendTerms, boundaryOn } from '../../src/contracts/amendment.ts'
import type { ContractProduct, ContractTerms } from '../../src/contracts/contract.ts'

const calls: ContractProduct = {
  product_ref: 'calls',
  model: { type: 'unit', unit_amount: '0.10' },
  quantity: '1',
  billing_start_date: null,
  billing_end_date: null,
}
const cheaper = { ...calls, model: { type: 'unit' as const, unit_amount: '0.08' } }
const seats: ContractProduct = {
  ...calls,
  product_ref: 'seats',
  model: { type: 'flat', amount: '20', term: 'in_advance' },
  quantity: '5',
}
const setup: ContractProduct = {
  ...calls,
  product_ref: 'setup',
  model: { type: 'flat', amount: '500', term: 'in_advance' },
}

const terms: ContractTerms = {
  currency: 'USD',
  timezone: 'UTC',
  start_date: '2026-01-01',
  end_date: null,
  anchor_date: '2026-01-01',
  billing_cycle: { unit: 'MONTHLY', cycle: 1 },
  issue_offset_days: 0,
  grace_hours: 0,
  net_terms: 30,
  invoicing: 'collective',
  auto_charge: false,
  payment_methods: ['card'],
  tax_percent: '0',
  po_number: null,
  products: [calls, seats, setup],
}

const amended = (products: ContractProduct[], from = terms, effective = '2026-03-01') =>
  amendTerms(from, { products }, effective, (ref) => ref === 'setup').products

describe('amendTerms', () => {
  it('ends the old price on the day the new one begins, and keeps what is the same', () => {
    expect(amended([cheaper, seats])).toEqual([
      setup,
      { ...calls, billing_end_date: '2026-03-01' },
      seats,
      { ...cheaper, billing_start_date: '2026-03-01' },
    ])
  })

  it('ends a product that is left out, but not the one-time fee that was billed', () => {
    expect(amended([calls])).toEqual([setup, { ...seats, billing_end_date: '2026-03-01' }, calls])
  })

  it('changes nothing when the terms are sent as they are read', () => {
    const after = { ...terms, products: amended([cheaper, seats]) }
    expect(amended(after.products, after, '2026-05-01')).toEqual(after.products)
  })

  it('takes a price that goes on, sent without its start', () => {
    const after = { ...terms, products: amended([cheaper, seats]) }
    expect(amended([cheaper, seats], after, '2026-05-01')).toEqual(after.products)
  })

  it('leaves no trace of a price that never came into force', () => {
    const later = { ...seats, product_ref: 'support', billing_start_date: '2026-06-01' }
    const planned = { ...terms, products: [calls, later] }
    expect(amended([calls], planned)).toEqual([calls])
  })

  it('changes settings and nothing else', () => {
    const after = amendTerms(terms, { tax: '19', po_number: 'PO-7' }, '2026-03-01', () => false)
    expect(after).toEqual({ ...terms, tax_percent: '19', po_number: 'PO-7' })
  })
})

it.each([
  { date: '2026-01-01', boundary: 0 },
  { date: '2026-03-01', boundary: 2 },
  { date: '2026-03-02', boundary: undefined },
  { date: '2025-12-01', boundary: undefined },
])('boundaryOn $date is $boundary', ({ date, boundary }) => {
  expect(boundaryOn(terms, date)).toBe(boundary)
})
