import { describe, expect, it } from 'vitest'
import { amendTerms, boundaryOn } from '../../../src/contracts/changes/amendment.ts'
import type { ContractProduct } from '../../../src/contracts/contract.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'

const calls = sold('calls', { type: 'unit', unit_amount: '0.10' })
const cheaper = sold('calls', { type: 'unit', unit_amount: '0.08' })
const seats = sold('seats', { type: 'flat', amount: '20', term: 'in_advance' }, { quantity: '5' })
const setup = sold('setup', { type: 'flat', amount: '500', term: 'in_advance' })

const terms = termsOf([calls, seats, setup])

/** All of it from one day on. */
const onDay = (day: string) => ({ dayOf: () => day, boundary: day, zoneFrom: day })

const amended = (products: ContractProduct[], from = terms, effective = '2026-03-01') =>
  amendTerms(from, { products }, onDay(effective), (ref) => ref === 'setup').products

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
    const after = amendTerms(terms, { tax: '19', po_number: 'PO-7' }, onDay('2026-03-01'), () => false)
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
