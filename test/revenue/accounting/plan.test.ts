import { describe, expect, it } from 'vitest'
import { planContract } from '../../../src/revenue/accounting/plan.ts'
import { accountingContract, allocated, book, fact, fee, monthly, product, ssp, terms } from './contracts.ts'

const seats = product('seats', 'month_even')
const setup = product('setup', 'point_in_time', {}, 'one_time')
const prices = book([ssp('seats', '100'), ssp('setup', '300', 'once')])

/** 12 × 100.00 for the seats and 600.00 for the setup: 1,800.00, where they sell for 1,200.00 and 300.00. */
const signed = terms([fee('seats', '100'), fee('setup', '600')])
const deal = (more: Partial<Parameters<typeof accountingContract>[0]> = {}) =>
  accountingContract({ products: [seats, setup], versions: [signed], books: [prices], ...more })

describe('a contract with selling prices', () => {
  it('is divided by them: 1,800 × 1,200 / 1,500 = 1,440 and 1,800 × 300 / 1,500 = 360', () => {
    expect(allocated(deal())).toEqual({ seats: 144_000n, setup: 36_000n })
    // 1,440 / 12 = 120 a month, and the setup when it is handed over.
    expect(monthly(deal())).toMatchObject({ '2026-01': 48_000n, '2026-02': 12_000n, '2026-12': 12_000n })
  })

  it('takes more seats at the list price as a contract of their own', () => {
    const more = {
      effectiveDate: '2026-07-01',
      terms: terms([
        fee('seats', '100', { billing_end_date: '2026-07-01' }),
        fee('seats', '100', { billing_start_date: '2026-07-01', quantity: '3' }),
        fee('setup', '600'),
      ]),
    }
    const grown = deal({ versions: [signed, more] })
    // Two more seats for six months at 100 sell for 1,200 and cost 1,200.
    const { plan } = planContract(grown, 'ASC606')
    expect(plan.versions).toMatchObject([{ treatment: 'separate_contract', price: 300_000n }])
    expect(allocated(grown)).toEqual({ seats: 144_000n, setup: 36_000n, 'seats@2026-07-01.2': 120_000n })
    expect(monthly(grown)).toMatchObject({ '2026-06': 12_000n, '2026-07': 12_000n + 20_000n })
  })

  it('spreads a price cut over what is left', () => {
    const cut = {
      effectiveDate: '2026-07-01',
      terms: terms([
        fee('seats', '100', { billing_end_date: '2026-07-01' }),
        fee('seats', '80', { billing_start_date: '2026-07-01' }),
        fee('setup', '600'),
      ]),
    }
    const cheaper = deal({ versions: [signed, cut] })
    // 720 left, less 6 × 20 = 120: 600 over six months.
    expect(planContract(cheaper, 'ASC606').plan.versions).toMatchObject([{ treatment: 'prospective' }])
    expect(monthly(cheaper)).toMatchObject({ '2026-06': 12_000n, '2026-07': 10_000n, '2026-12': 10_000n })
  })

  it('ends early: what the setup took beyond its fee is settled at once', () => {
    const ended = {
      effectiveDate: '2026-07-01',
      terms: terms([fee('seats', '100'), fee('setup', '600')], { end_date: '2026-07-01' }),
    }
    const short = deal({ versions: [signed, ended] })
    // Billed 600 + 600 = 1,200; earned by then 360 + 6 × 120 = 1,080: the 120 left over are revenue at once.
    expect(monthly(short)).toEqual({
      '2026-01': 48_000n,
      '2026-02': 12_000n,
      '2026-03': 12_000n,
      '2026-04': 12_000n,
      '2026-05': 12_000n,
      '2026-06': 12_000n,
      '2026-07': 12_000n,
    })
  })

  it('goes on for another term as a part of its own', () => {
    const renewed = { effectiveDate: '2027-01-01', terms: { ...signed, end_date: '2028-01-01' } }
    const longer = deal({ versions: [signed, renewed] })
    expect(allocated(longer)).toEqual({ seats: 144_000n, setup: 36_000n, 'seats@2027-01-01.2': 120_000n })
    expect(monthly(longer)).toMatchObject({ '2026-12': 12_000n, '2027-01': 10_000n, '2027-12': 10_000n })
  })

  it('books a bonus that is expected later in the proportions of inception', () => {
    const bonus = fact('2026-07-01', {
      kind: 'estimate',
      key: 'bonus',
      promised: 'inception',
      method: 'amount',
      amount: '150',
    })
    // 150 × 1,200 / 1,500 = 120 for the seats, half of them caught up; 30 for the setup at once.
    expect(monthly(deal({ facts: [bonus] }))).toMatchObject({
      '2026-06': 12_000n,
      '2026-07': 12_000n + 6_000n + 3_000n + 1_000n,
      '2026-12': 13_000n,
    })
  })
})
