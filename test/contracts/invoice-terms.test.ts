import { describe, expect, it } from 'vitest'
import { amendTerms } from '../../src/contracts/changes/amendment.ts'
import type { AgreedDiscount } from '../../src/contracts/contract.ts'
import { amendDiscounts, holdsFor } from '../../src/contracts/terms/discount-terms.ts'
import { faultsOfTerms } from '../../src/contracts/terms/faults.ts'
import { productTaxField, taxField } from '../../src/contracts/terms/tax-terms.http.ts'
import { type ContractTax, plainTax, taxTable } from '../../src/contracts/terms/tax-terms.ts'
import { PRODUCTS } from '../invoicing/closing.ts'
import { sold, termsOf } from '../support/contract-terms.ts'

const discount = (more: Partial<AgreedDiscount> = {}): AgreedDiscount => ({
  name: 'Discount',
  type: 'percent',
  value: '10',
  products: null,
  from: null,
  until: null,
  cycles: null,
  ...more,
})
const tax = (name: string, more: Partial<ContractTax> = {}): ContractTax => ({
  ...plainTax('19'),
  name,
  ...more,
})
const SEATS = [sold('seats', { type: 'flat', amount: '10', term: 'in_advance' })]

describe('a discount', () => {
  const terms = termsOf(SEATS)
  it.each([
    { given: {}, day: '2026-05-01', cycleNo: 5, holds: true },
    { given: { from: '2026-02-01' }, day: '2026-01-31', cycleNo: 1, holds: false },
    { given: { from: '2026-02-01' }, day: '2026-02-01', cycleNo: 2, holds: true },
    { given: { until: '2026-02-01' }, day: '2026-01-31', cycleNo: 1, holds: true },
    { given: { until: '2026-02-01' }, day: '2026-02-01', cycleNo: 2, holds: false },
    { given: { cycles: 3 }, day: '2026-03-31', cycleNo: 3, holds: true },
    { given: { cycles: 3 }, day: '2026-04-01', cycleNo: 4, holds: false },
    // It begins in the middle of cycle 2, so cycles 2 and 3 have it.
    { given: { cycles: 2, from: '2026-02-15' }, day: '2026-03-01', cycleNo: 3, holds: true },
    { given: { cycles: 2, from: '2026-02-15' }, day: '2026-04-01', cycleNo: 4, holds: false },
  ])('of $given holds for cycle $cycleNo on $day: $holds', ({ given, day, cycleNo, holds }) => {
    expect(holdsFor(terms, discount(given), { day, cycleNo })).toBe(holds)
  })
})

describe('discounts that are amended', () => {
  const effective = '2026-03-01'
  const amended = (discounts: AgreedDiscount[], wanted: AgreedDiscount[]) =>
    amendDiscounts({ discounts, start_date: '2026-01-01' }, wanted, effective)
  const launch = discount({ name: 'Launch', until: '2026-02-01' })
  const loyal = discount({ name: 'Loyal' })

  it('go on where they are sent again, with or without the day that they hold from', () => {
    const there = [launch, discount({ name: 'Spring', from: '2026-02-15' })]
    expect(amended(there, [discount({ name: 'Spring' })])).toEqual(there)
  })

  it('end where they are left out, and stay for what was served before', () => {
    const added = discount({ name: 'Summer', value: '20' })
    expect(amended([launch, loyal], [added])).toEqual([
      launch,
      { ...loyal, until: effective },
      { ...added, from: effective },
    ])
  })

  it('vanish where they never held', () => {
    expect(amendDiscounts({ discounts: [loyal], start_date: effective }, [], effective)).toEqual([])
    expect(amended([discount({ from: '2026-06-01' })], [])).toEqual([])
  })
})

describe('taxes that are amended', () => {
  const dates = { dayOf: () => '2026-03-01', boundary: '2026-03-01', zoneFrom: '2026-03-01' }
  const never = () => false

  it('take the place of the short form, and the other way round', () => {
    const listed = amendTerms(termsOf(SEATS, { tax_percent: '19' }), { tax: [tax('VAT')] }, dates, never)
    expect(listed).toMatchObject({ taxes: [tax('VAT')] })
    expect(taxTable(listed)('seats', '2026-03-01', null)).toEqual([tax('VAT')])
    const short = amendTerms(listed, { tax: '7' }, dates, never)
    expect(taxTable(short)('seats', '2026-03-01', null)).toEqual([plainTax('7')])
  })
})

describe('what is wrong with discounts and taxes', () => {
  it('is told all at once', () => {
    const vat = tax('VAT', { inclusive: true })
    const terms = termsOf([{ ...SEATS[0]!, taxes: [tax('a'), tax('a')] }], {
      currency: 'JPY',
      invoicing: 'per_product',
      discounts: [
        discount({ from: '2026-03-01', until: '2026-03-01' }),
        discount({ products: ['seats', 'unknown'] }),
        discount({ type: 'fixed', value: '1.5' }),
      ],
      taxes: [vat, { ...vat, name: 'Levy' }, tax('VAT')],
    })
    expect(faultsOfTerms(terms, PRODUCTS).map(({ path }) => path)).toEqual([
      'products.0.tax.1.name',
      'discounts.0.until',
      'discounts.1.products',
      'discounts.2.value',
      'discounts.2.products',
      'tax.1.inclusive',
      'tax.2.name',
    ])
  })

  it('is not found in taxes of other tax codes', () => {
    const vat = tax('VAT', { inclusive: true })
    const taxes = [
      { ...vat, tax_codes: ['saas'] },
      { ...vat, percent: '7', tax_codes: ['books', 'food'] },
    ]
    expect(faultsOfTerms(termsOf(SEATS, { taxes }), PRODUCTS)).toEqual([])
  })
})

describe('a tax as it is sent', () => {
  it.each([
    { sent: '19', isTaken: true },
    { sent: '1000', isTaken: true },
    { sent: '1000.01', isTaken: false },
    { sent: '-1', isTaken: false },
    { sent: '9'.repeat(50), isTaken: false },
  ])('of $sent percent is taken: $isTaken', ({ sent, isTaken }) => {
    for (const field of [taxField, productTaxField]) {
      expect(field.safeParse(sent).success).toBe(isTaken)
      expect(field.safeParse([{ rate_percent: sent }]).success).toBe(isTaken)
    }
  })
})
