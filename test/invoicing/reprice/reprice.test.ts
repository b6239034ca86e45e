import { describe, expect, it } from 'vitest'
import type { Commitment, Contract, ContractTerms } from '../../../src/contracts/contract.ts'
import {
  type BilledBy,
  billedBy,
  type RepriceQuestion,
  reprice,
} from '../../../src/invoicing/reprice/reprice.ts'
import { repriceCommitment } from '../../../src/invoicing/reprice/reprice-commitment.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { unit } from '../closing.ts'

const JANUARY = { start: '2026-01-01', end: '2026-02-01' }

const contract = (terms: ContractTerms, more: Partial<Contract> = {}): Contract => ({
  ref: 'k',
  number: 'C-1',
  customerRef: 'c',
  entityRef: 'e',
  status: 'active',
  version: 1,
  terms,
  nextCycle: 0,
  nextCloseAt: null,
  createdAt: 0,
  ...more,
})

const question = (more: Partial<RepriceQuestion> = {}): RepriceQuestion => ({
  productRef: 'calls',
  price: { model: unit('0.08') },
  currency: 'USD',
  period: JANUARY,
  ...more,
})

const calls = (quantity: string) => ({ quantity, byMonth: {} })
const basis = { rounding: 'half_up' as const }

describe('the price that usage is billed by', () => {
  const plain = termsOf([sold('calls', unit('0.10'))])
  const changed = [
    sold('calls', unit('0.10'), { billing_end_date: '2026-02-01' }),
    sold('calls', unit('0.09'), { billing_start_date: '2026-02-01' }),
  ]
  const ramped = [sold('calls', unit('0.10'), { ramp: [{ from: '2026-02-01', model: unit('0.09') }] })]
  const accumulating = termsOf([sold('calls', unit('0.10'), { accumulate: 'contract' })])
  const toMarch = { start: '2026-01-01', end: '2026-03-01' }

  it.each([
    { name: 'of the one contract', contracts: [contract(plain)], ask: {}, is: 'k' },
    {
      name: 'of the span that the period touches',
      contracts: [contract(termsOf(changed))],
      ask: {},
      is: 'k',
    },
    { name: 'none without a contract', contracts: [], ask: {}, is: 'no_contract' },
    {
      name: 'none for another product',
      contracts: [contract(plain)],
      ask: { productRef: 'seats' },
      is: 'no_contract',
    },
    {
      name: 'not that of a draft',
      contracts: [contract(plain, { status: 'draft' })],
      ask: {},
      is: 'no_contract',
    },
    {
      name: 'two spans',
      contracts: [contract(termsOf(changed))],
      ask: { period: toMarch },
      is: 'several_prices',
    },
    {
      name: 'two steps of a ramp',
      contracts: [contract(termsOf(ramped))],
      ask: { period: toMarch },
      is: 'several_prices',
    },
    {
      name: 'in another currency',
      contracts: [contract(plain)],
      ask: { currency: 'EUR' },
      is: 'other_currency',
    },
    {
      name: 'by cycles only, where tiers accumulate',
      contracts: [contract(accumulating)],
      ask: { period: toMarch },
      is: 'accumulates',
    },
  ])('$name', ({ contracts, ask, is }) => {
    const found = billedBy(contracts, question(ask))
    expect(typeof found === 'string' ? found : found.contract.ref).toBe(is)
  })
})

describe('repricing', () => {
  const ask = (terms: ContractTerms, quantity: string, more: Partial<RepriceQuestion> = {}, earlier = {}) => {
    const asked = question(more)
    const billed = billedBy([contract(terms)], asked) as BilledBy
    const usage = calls(quantity)
    return reprice(asked, { current: usage, next: usage }, billed, { ...basis, ...earlier })
  }

  it('prices a cycle by both', () => {
    // 1,000 × 0.10 = 100.00, × 0.08 = 80.00
    const terms = termsOf([sold('calls', unit('0.10'))])
    expect(ask(terms, '1000')).toEqual({ current: 10_000n, next: 8_000n, notCompared: null })
  })

  it('prorates limits in a cycle that is billed in part, as the invoice does', () => {
    // 16 to 31 January are 16 of 31 days: a minimum of 31.00 is one of 16.00, and one of 62.00 is one of 32.00
    const modifiers = (minimum_amount: string) => ({ modifiers: { minimum_amount } })
    const terms = termsOf([sold('calls', unit('0.10'), modifiers('31'))], { start_date: '2026-01-16' })
    const period = { start: '2026-01-16', end: '2026-02-01' }
    const price = { model: unit('0.10'), ...modifiers('62') }
    expect(ask(terms, '0', { period, price })).toEqual({ current: 1_600n, next: 3_200n, notCompared: null })
  })

  it('prices any other period as one whole', () => {
    // A package of 1,000 is counted once for two cycles of 600: ⌈1.2⌉ × 5 = 10.00, and not 2 × 5 for each
    const model = {
      type: 'package' as const,
      package_size: '1000',
      package_amount: '5',
      included_quantity: '0',
      rounding: 'ceil' as const,
    }
    const period = { start: '2026-01-01', end: '2026-03-01' }
    const terms = termsOf([sold('calls', unit('0.10'))])
    // 1,200 × 0.10 = 120.00
    expect(ask(terms, '1200', { period, price: { model } })).toMatchObject({ current: 12_000n, next: 1_000n })
  })

  it('goes on in the tiers where the contract does', () => {
    const tiers = [
      { up_to: '1000', unit_amount: '0.10', flat_amount: '0' },
      { up_to: null, unit_amount: '0.05', flat_amount: '0' },
    ]
    const terms = termsOf([sold('calls', { type: 'graduated', tiers }, { accumulate: 'contract' })])
    const period = { start: '2026-02-01', end: '2026-03-01' }
    const earlier = [{ productRef: 'calls', cycleNo: 1, quantity: '800', byMonth: {} }]
    // Up to 800 in January: 200 × 0.10 + 300 × 0.05 = 35.00; asked at 0.08 the 500 are 40.00
    expect(ask(terms, '500', { period }, { earlier })).toMatchObject({ current: 3_500n, next: 4_000n })
  })

  it('rounds once, in the way of the seller', () => {
    // 0.5 × 0.05 = 0.025
    const terms = termsOf([sold('calls', unit('0.05'))])
    expect(ask(terms, '0.5', {}, { rounding: 'half_even' }).current).toBe(2n)
    expect(ask(terms, '0.5').current).toBe(3n)
  })
})

describe('a commitment beside the two prices', () => {
  const commitment: Commitment = {
    amount: '1000',
    period: 'cycle',
    true_up: true,
    overage_factor: '1.5',
    product_ref: null,
    start_date: '2026-01-01',
    end_date: null,
  }
  const terms = (given: Partial<Commitment> = {}) =>
    termsOf([sold('calls', unit('0.10'))], { commitments: [{ ...commitment, ...given }] })
  const january = (fees: bigint, trueUp: bigint) => ({ cycleNo: 1, fees, trueUp })

  it.each([
    {
      // 600 and 680 are left of 1,000: the customer pays the same.
      name: 'is filled up by either',
      billed: [january(40_000n, 60_000n)],
      ofProduct: 40_000n,
      amounts: { current: 40_000n, next: 32_000n },
      is: { current: 60_000n, next: 68_000n },
    },
    {
      // Seats of 300 stay: 1,000 − 700, and 1,000 − 620.
      name: 'counts the fees of other products',
      billed: [january(70_000n, 30_000n)],
      ofProduct: 40_000n,
      amounts: { current: 40_000n, next: 32_000n },
      is: { current: 30_000n, next: 38_000n },
    },
    {
      // 1,200 is 200 above, of which half more: 100. 900 leave 100.
      name: 'has overage by one and a true-up by the other',
      billed: [january(120_000n, 10_000n)],
      ofProduct: 120_000n,
      amounts: { current: 120_000n, next: 90_000n },
      is: { current: 10_000n, next: 10_000n },
    },
  ])('$name', ({ billed, ofProduct, amounts, is }) => {
    const closed = { terms: terms(), nextCycle: 2 }
    expect(repriceCommitment(closed, 1, { billed, ofProduct }, amounts, 'half_up')).toEqual(is)
  })

  it('says nothing while its window goes on, and nothing where none is', () => {
    const facts = { billed: [january(40_000n, 0n)], ofProduct: 40_000n }
    const amounts = { current: 40_000n, next: 32_000n }
    const inYear = { terms: terms({ period: 'year' }), nextCycle: 2 }
    expect(repriceCommitment(inYear, 1, facts, amounts, 'half_up')).toBeNull()
    expect(repriceCommitment({ terms: terms(), nextCycle: 1 }, 1, facts, amounts, 'half_up')).toBeNull()
    const without = termsOf([sold('calls', unit('0.10'))])
    expect(repriceCommitment({ terms: without, nextCycle: 2 }, 1, facts, amounts, 'half_up')).toBeNull()
  })
})
