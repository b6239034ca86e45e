import { describe, expect, it } from 'vitest'
import { judgementsOf } from '../../../src/closing/presentation/judgement.ts'
import type { Fact } from '../../../src/revenue/accounting/facts.ts'
import {
  accountingContract,
  book,
  fact,
  fee,
  product,
  ssp,
  terms,
} from '../../revenue/accounting/contracts.ts'

const delivered = (date: string, quantity: string) =>
  fact(date, { kind: 'delivery', delivery_ref: `${date} ${quantity}`, product_ref: 'units', quantity })

const rebate = (date: string, amount: string, key = 'volume rebate') =>
  fact(date, { kind: 'estimate', key, promised: 'inception', method: 'amount', amount })

/** 1,000 units at 100.00, delivered in parts. */
const units = (...facts: Fact[]) =>
  accountingContract({
    products: [product('units', 'units', { total_units: '1000' }, 'one_time')],
    versions: [terms([fee('units', '100000')])],
    books: [book([ssp('units', '100000', 'once')])],
    facts,
  })

const judged = (contract: Parameters<typeof judgementsOf>[0], day: string) =>
  judgementsOf(contract, 'ASC606', day).get('deal')

describe('what is expected to go back to the customer', () => {
  it('is the rebate on what was delivered (ASC 606 example 24)', () => {
    // 75 units in the first quarter, 500 in the second; then all 1,000 are expected to cost 90.00.
    const year = units(
      delivered('2026-02-10', '75'),
      delivered('2026-05-10', '500'),
      rebate('2026-04-01', '-10000'),
    )
    // 575 × 100.00 − 575 × 90.00
    expect(judged(year, '2026-06-30')).toEqual({ isContract: true, expectedBack: 575_000n })
    expect(judged(year, '2026-03-31')?.expectedBack).toBe(0n)
    // From the day of the estimate on it concerns the 75 units, too: 75 × 10.00.
    expect(judged(year, '2026-04-30')?.expectedBack).toBe(75_000n)
  })

  it('is nothing of a bonus, and of several estimates only what is below zero', () => {
    const year = units(
      delivered('2026-02-10', '500'),
      rebate('2026-01-01', '-10000'),
      rebate('2026-01-01', '4000', 'bonus'),
    )
    // With the bonus alone 500 × 104.00 = 52,000.00; with both 500 × 94.00 = 47,000.00.
    expect(judged(year, '2026-02-28')?.expectedBack).toBe(500_000n)
    expect(judged(units(rebate('2026-01-01', '4000')), '2026-12-31')?.expectedBack).toBe(0n)
  })

  it('grows with the days that were served', () => {
    const seats = accountingContract({
      products: [product('seats', 'month_even')],
      versions: [terms([fee('seats', '100')])],
      books: [book([ssp('seats', '100')])],
      facts: [rebate('2026-01-01', '-120')],
    })
    // 1,200.00 less 120.00 over twelve months: 10.00 a month.
    expect(judged(seats, '2026-03-31')?.expectedBack).toBe(3_000n)
  })
})

describe('the criteria for a contract', () => {
  const doubtful = (date: string, probability: string) =>
    fact(date, { kind: 'criteria', collection_probability: probability })

  it('are those that were stated by then', () => {
    const deal = units(doubtful('2026-01-01', '0.6'), doubtful('2026-03-01', '0.9'))
    expect(judged(deal, '2026-02-28')).toEqual({ isContract: false, expectedBack: 0n })
    expect(judged(deal, '2026-03-31')?.isContract).toBe(true)
  })

  it('are met more easily under IFRS 15', () => {
    const deal = units(doubtful('2026-01-01', '0.6'))
    expect(judgementsOf(deal, 'IFRS15', '2026-01-31').get('deal')?.isContract).toBe(true)
  })

  it('are asked where revenue follows invoice lines, and where no plan follows from the facts', () => {
    const lines = accountingContract({
      products: [product('seats', 'daily')],
      versions: [terms([fee('seats', '1')])],
      facts: [doubtful('2026-02-01', '0.6')],
    })
    expect(judged(lines, '2026-01-31')).toEqual({ isContract: true, expectedBack: 0n })
    expect(judged(lines, '2026-02-01')).toEqual({ isContract: false, expectedBack: 0n })
    const impossible = fact('2026-01-01', {
      kind: 'estimate',
      key: 'rebate',
      promised: 'inception',
      method: 'expected_value',
      outcomes: [{ amount: '-1', probability: '0.5' }],
    })
    const deal = units(impossible, doubtful('2026-01-01', '0.6'))
    expect(judged(deal, '2026-01-31')).toEqual({ isContract: false, expectedBack: 0n })
  })
})
