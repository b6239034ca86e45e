import { describe, expect, it } from 'vitest'
import { creditTermsField } from '../../../src/catalog/credit-terms.http.ts'
import { cancelOn, earliestEnd } from '../../../src/contracts/changes/cancellation.ts'
import type { Contract, ContractProduct } from '../../../src/contracts/contract.ts'
import { alreadyBilled } from '../../../src/contracts/periods/billing-span.ts'
import { type ContractDraft, firstInvoiceBoundary, termsOf } from '../../../src/contracts/terms/draft.ts'
import { faultsOfTerms } from '../../../src/contracts/terms/faults.ts'
import type { SoldProduct } from '../../../src/contracts/terms/rule.ts'

const PRODUCTS = new Map<string, SoldProduct>([
  ['calls', { kind: 'usage', metric: { type: 'sum' } }],
  ['storage', { kind: 'usage', metric: { type: 'max', group_by: ['region'] } }],
  ['seats', { kind: 'recurring', metric: null }],
  ['setup', { kind: 'one_time', metric: null }],
  ['wallet', { kind: 'recurring', metric: null, grantsCredit: creditTermsField.parse({}) }],
])
const parties = {
  entity: { currency: 'EUR', timezone: 'Europe/Berlin' },
  customer: { currency: null, netTerms: 14, autoCharge: true, taxPercent: '19' },
}
const product = (given: Partial<ContractProduct>): ContractProduct => ({
  product_ref: 'calls',
  model: { type: 'unit', unit_amount: '1' },
  quantity: '1',
  billing_start_date: null,
  billing_end_date: null,
  ...given,
})
const matrix = {
  type: 'matrix' as const,
  rows: [{ name: null, match: { region: ['eu'] }, unit_amount: '2' }],
  default_unit_amount: '1',
}
const percentage = {
  type: 'percentage',
  rate_percent: '2',
  fixed_per_event: '0',
  free_events: '0',
  free_amount: '0',
  min_per_event: null,
  max_per_event: null,
} as const
/** The days of one month of 2026, so that several prices of a product can stand in one contract. */
const monthOf = (place: number) => ({
  billing_start_date: `2026-0${place + 1}-01`,
  billing_end_date: `2026-0${place + 2}-01`,
})
const fee = { type: 'flat', amount: '10', term: 'in_advance' } as const
const committed = {
  period: 'cycle' as const,
  true_up: true,
  overage_factor: '1',
  product_ref: null,
}
const draft = (given: Partial<ContractDraft> = {}): ContractDraft => ({
  start_date: '2026-01-01',
  billing_cycle: { unit: 'MONTHLY', cycle: 1 },
  grace_hours: 0,
  invoicing: 'collective',
  payment_methods: ['wire'],
  products: [product({})],
  ...given,
})

describe('termsOf', () => {
  it('fills what is left out from the customer, then from the entity', () => {
    expect(termsOf(draft(), parties)).toMatchObject({
      currency: 'EUR',
      timezone: 'Europe/Berlin',
      anchor_date: '2026-01-01',
      net_terms: 14,
      auto_charge: true,
      tax_percent: '19',
      issue_offset_days: 0,
    })
    expect(
      termsOf(draft({ currency: 'USD', net_terms: 0, auto_charge: false, tax: '7' }), parties),
    ).toMatchObject({
      currency: 'USD',
      net_terms: 0,
      auto_charge: false,
      tax_percent: '7',
    })
  })

  it.each([
    // Usage alone: the first invoice belongs to the end of January, 1 February.
    { products: [product({})], first: 1, offset: 4 },
    // A fee in advance: the first invoice belongs to the start, 1 January; 5 February is 35 days later.
    { products: [product({ product_ref: 'seats', model: fee })], first: 0, offset: 35 },
  ])(
    'reads issue_day as the date of the first invoice, of boundary $first',
    ({ products, first, offset }) => {
      const terms = termsOf(draft({ products, issue_day: '2026-02-05' }), parties)
      expect(firstInvoiceBoundary(terms)).toBe(first)
      expect(terms.issue_offset_days).toBe(offset)
    },
  )
})

describe('faultsOfTerms', () => {
  it.each<{ name: string; given: Partial<ContractDraft>; paths: string[] }>([
    { name: 'nothing', given: {}, paths: [] },
    {
      name: 'an end on the start',
      given: { end_date: '2026-01-01' },
      paths: ['end_date'],
    },
    { name: 'an issue day before the boundary', given: { issue_day: '2026-01-31' }, paths: ['issue_day'] },
    {
      name: 'an unknown product',
      given: { products: [product({ product_ref: 'x' })] },
      paths: ['products.0.product_ref'],
    },
    {
      name: 'a flat price for usage',
      given: { products: [product({ model: fee })] },
      paths: ['products.0.model'],
    },
    {
      name: 'usage prices that look at more than one quantity',
      given: {
        products: [
          matrix,
          { type: 'capacity' as const, tiers: [{ limits: { users: '1', gb: '2' }, amount: '1' }] },
        ].map((model, place) => product({ model, ...monthOf(place) })),
      },
      paths: [0, 1].map((place) => `products.${place}.model`),
    },
    {
      name: 'a dimension that the metric does not group by',
      given: {
        products: [
          product({
            product_ref: 'storage',
            model: { ...matrix, rows: [{ name: null, match: { kind: ['ssd'] }, unit_amount: '1' }] },
          }),
        ],
      },
      paths: ['products.0.model'],
    },
    {
      name: 'no fault in prices by the group of the metric',
      given: {
        products: [
          matrix,
          { type: 'capacity' as const, tiers: [{ limits: { users: '1', gb: '2' }, amount: '1' }] },
        ].map((model, place) => product({ product_ref: 'storage', model, ...monthOf(place) })),
      },
      paths: [],
    },
    {
      name: 'no fault in prices of one quantity',
      given: {
        products: [
          { type: 'volume' as const, tiers: [{ up_to: null, unit_amount: '1', flat_amount: '0' }] },
          { ...percentage, free_amount: '100' },
          { ...percentage, fixed_per_event: '0.1', max_per_event: '5' },
          { type: 'event_amounts' as const, multiplier: '1' },
          { type: 'capacity' as const, tiers: [{ limits: { users: '1' }, amount: '1' }] },
        ].map((model, place) => product({ model, ...monthOf(place) })),
      },
      paths: [],
    },
    {
      name: 'a number of usage',
      given: { products: [product({ quantity: '3' })] },
      paths: ['products.0.quantity'],
    },
    {
      // 100,000,000,000.00 EUR are the largest fee: 50,000,000,000.01 twice are two cents more.
      name: 'fees and commitments that no invoice could hold',
      given: {
        commitment: { ...committed, amount: '100000000000.01' },
        products: [
          product({
            product_ref: 'seats',
            model: { ...fee, amount: '50000000000' },
            quantity: '2',
            ramp: [{ from: 2, model: { ...fee, amount: '50000000000.01' } }],
          }),
          product({ product_ref: 'setup', model: { ...fee, amount: '1'.repeat(50) } }),
        ],
      },
      paths: ['products.0.ramp.0.model.amount', 'products.1.model.amount', 'commitment.amount'],
    },
    {
      name: 'a unit price for seats, and a one-time fee in arrears',
      given: {
        products: [
          product({ product_ref: 'seats' }),
          product({ product_ref: 'setup', model: { ...fee, term: 'in_arrears' } }),
        ],
      },
      paths: ['products.0.model', 'products.1.model.term'],
    },
    {
      name: 'a usage price that begins inside a cycle',
      given: { products: [product({ billing_start_date: '2026-02-10' })] },
      paths: ['products.0.billing_start_date'],
    },
    {
      name: 'a fee that begins inside a cycle is right',
      given: { products: [product({ product_ref: 'seats', model: fee, billing_start_date: '2026-02-10' })] },
      paths: [],
    },
    {
      name: 'removals of credit, which seats may have',
      given: {
        products: [
          product({ product_ref: 'wallet', model: fee, credit_removals: true }),
          product({ product_ref: 'seats', model: fee, credit_removals: true }),
        ],
      },
      paths: ['products.0.credit_removals'],
    },
    {
      name: 'the same product twice over the same days',
      given: {
        products: [
          product({ billing_end_date: '2026-03-01' }),
          product({ billing_start_date: '2026-02-01' }),
        ],
      },
      paths: ['products.1.product_ref'],
    },
    {
      name: 'the same product at a new price is right',
      given: {
        products: [
          product({ billing_end_date: '2026-03-01' }),
          product({ billing_start_date: '2026-03-01' }),
        ],
      },
      paths: [],
    },
  ])('finds $name', ({ given, paths }) => {
    expect(faultsOfTerms(termsOf(draft(given), parties), PRODUCTS).map(({ path }) => path)).toEqual(paths)
  })
})

const contract = (given: Partial<ContractDraft>, ref = 'a'): Contract => ({
  ref,
  number: ref,
  customerRef: 'acme',
  entityRef: 'seller',
  status: 'active',
  version: 1,
  terms: termsOf(draft(given), parties),
  nextCycle: 3,
  nextCloseAt: 1,
  createdAt: 0,
})

describe('alreadyBilled', () => {
  const isUsage = (ref: string) => ref !== 'seats'
  it.each([
    { name: 'both without end', ours: {}, theirs: {}, found: true },
    {
      name: 'one after the other',
      ours: { start_date: '2026-06-01' },
      theirs: { end_date: '2026-06-01' },
      found: false,
    },
    {
      name: 'a day in common',
      ours: { start_date: '2026-05-31' },
      theirs: { end_date: '2026-06-01' },
      found: true,
    },
    {
      name: 'the product ended earlier than its contract',
      ours: { start_date: '2026-06-01' },
      theirs: { products: [product({ billing_end_date: '2026-06-01' })] },
      found: false,
    },
    {
      name: 'a product that is no usage',
      ours: { products: [product({ product_ref: 'seats' })] },
      theirs: { products: [product({ product_ref: 'seats' })] },
      found: false,
    },
  ])('$name: $found', ({ ours, theirs, found }) => {
    const other = alreadyBilled(contract(ours, 'ours'), [contract(theirs, 'theirs')], isUsage)
    expect(other?.otherRef).toBe(found ? 'theirs' : undefined)
  })
})

describe('earliestEnd', () => {
  it.each([
    { name: 'the end of the running cycle', nextCycle: 3, today: '2026-03-10', end: '2026-04-01' },
    {
      name: 'a boundary belongs to the cycle it begins',
      nextCycle: 3,
      today: '2026-04-01',
      end: '2026-05-01',
    },
    { name: 'before the start, nothing at all', nextCycle: 0, today: '2025-12-01', end: '2026-01-01' },
  ])('is $name', ({ nextCycle, today, end }) => {
    expect(earliestEnd({ ...contract({}), nextCycle }, today)).toBe(end)
  })

  it.each([
    { name: 'the day itself', today: '2026-03-10', dayIsUsed: false, end: '2026-03-10' },
    { name: 'the day after, where the day is used', today: '2026-03-10', dayIsUsed: true, end: '2026-03-11' },
    // Cycle 3 begins on 1 March; an end on that day would fall on a boundary that is invoiced.
    { name: 'after what is invoiced', today: '2026-03-01', dayIsUsed: false, end: '2026-03-02' },
    { name: 'the day of a later cycle too', today: '2026-04-05', dayIsUsed: false, end: '2026-04-05' },
  ])('of a cancellation now is $name', ({ today, dayIsUsed, end }) => {
    expect(earliestEnd(contract({}), today, { mode: 'now_without_credit', dayIsUsed })).toBe(end)
  })

  it.each([
    // Nothing is invoiced on the start itself until its invoice is made: no day is billed.
    { nextCycle: 0, today: '2026-01-01', dayIsUsed: false, end: '2026-01-01' },
    { nextCycle: 0, today: '2026-01-01', dayIsUsed: true, end: '2026-01-02' },
    { nextCycle: 0, today: '2026-01-03', dayIsUsed: false, end: '2026-01-03' },
    // Nor is the cycle from 1 March, whose invoice waits for late usage.
    { nextCycle: 2, today: '2026-03-01', dayIsUsed: false, end: '2026-03-01' },
    { nextCycle: 1, today: '2026-01-01', dayIsUsed: false, end: '2026-01-02' },
  ])('of a cancellation now on $today is $end, with invoices up to boundary $nextCycle', (given) => {
    const { nextCycle, today, dayIsUsed, end } = given
    const how = { mode: 'now_with_credit', dayIsUsed } as const
    expect(earliestEnd({ ...contract({}), nextCycle }, today, how)).toBe(end)
  })

  it.each([
    { name: 'a year that is billed', from: null, to: null, end: '2027-01-01' },
    { name: 'a year that is billed with the running month', from: '2026-03-20', to: null, end: '2027-01-01' },
    { name: 'no year that is not billed', from: '2026-04-01', to: null, end: '2026-04-01' },
    { name: 'a product to its own end', from: null, to: '2026-09-01', end: '2026-09-01' },
  ])('leaves whole $name', ({ from, to, end }) => {
    const fee = product({
      product_ref: 'seats',
      model: { type: 'flat', amount: '1', term: 'in_advance' },
      billing_cycle: { unit: 'YEARLY', cycle: 1 },
      billing_start_date: from,
      billing_end_date: to,
    })
    const mixed = contract({ products: [product({}), fee] })
    expect(earliestEnd({ ...mixed, nextCycle: 3 }, '2026-03-10')).toBe(end)
    const now = { mode: 'now_with_credit', dayIsUsed: false } as const
    expect(earliestEnd({ ...mixed, nextCycle: 3 }, '2026-03-10', now)).toBe('2026-03-10')
  })

  it('brings the next invoice forward where it cuts its cycle', () => {
    // Midnight of 10 March in Berlin is 23:00Z of the 9th; five days later as ever, the 14th.
    const cut = cancelOn(contract({ issue_offset_days: 5 }), '2026-03-10')
    expect(cut.nextCloseAt).toBe(Date.parse('2026-03-14T23:00:00Z'))
    expect(cancelOn(contract({}), '2026-04-05').nextCloseAt).toBe(1)
  })

  it('a contract that ends before it begins has nothing left to bill', () => {
    expect(cancelOn(contract({}), '2026-01-01').nextCloseAt).toBeNull()
    expect(cancelOn(contract({}), '2026-04-01')).toMatchObject({
      nextCloseAt: 1,
      terms: { end_date: '2026-04-01' },
    })
  })
})
