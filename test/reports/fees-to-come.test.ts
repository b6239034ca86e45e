import { describe, expect, it } from 'vitest'
import type { ContractProduct, ContractTerms } from '../../src/contracts/contract.ts'
import { closeInstant } from '../../src/contracts/periods/schedule.ts'
import { cashForecastOf, upcomingCash } from '../../src/reports/cash-forecast.ts'
import { remainingOf, unbilledRemaining } from '../../src/reports/remaining.ts'
import { sold, termsOf } from '../support/contract-terms.ts'

const PRODUCTS = new Map([
  ['seats', { ref: 'seats', name: 'Seats', kind: 'recurring' as const, recognition: 'daily' as const }],
  [
    'setup',
    { ref: 'setup', name: 'Setup', kind: 'one_time' as const, recognition: 'point_in_time' as const },
  ],
  ['calls', { ref: 'calls', name: 'Calls', kind: 'usage' as const, recognition: 'usage' as const }],
])
const fee = (amount: string, term: 'in_advance' | 'in_arrears' = 'in_advance') =>
  sold('seats', { type: 'flat', amount, term })
const calls = sold('calls', { type: 'unit', unit_amount: '1' })

function agreement(products: ContractProduct[], nextCycle: number, more: Partial<ContractTerms> = {}) {
  const terms = termsOf(products, more)
  const contract = {
    ref: 'k-1',
    number: 'C-00001',
    customerRef: 'acme',
    entityRef: 'seller',
    status: 'active' as const,
    version: 1,
    terms,
    nextCycle,
    nextCloseAt: closeInstant(terms, nextCycle),
    createdAt: 0,
  }
  return { contract, products: PRODUCTS, rounding: 'half_up' as const }
}

describe('upcomingCash', () => {
  const horizon = { asOf: '2026-02-10', by: 'month' as const, periods: 3 }

  it('is due by the issue date and the net terms, with tax, and knows no usage', () => {
    // February to April. Issued on 1 March, due on 31 March: 100.00 + 10 %. That of 1 April is due on 1 May: too late.
    const expected = upcomingCash(agreement([fee('100'), calls], 2, { tax_percent: '10' }), horizon)
    expect(expected).toEqual([{ currency: 'USD', dueOn: '2026-03-31', amount: 110_00n, from: 'upcoming' }])
  })

  it('has what is billed on the day on which a trial is over', () => {
    // Free up to 16 March: 100 x 16/31 = 51.61 on that day, less 10 % 46.45. The fixed 5.00 are off regular invoices only:
    // 100 less 10 % less 5.00 = 85.00 on 1 April. Nothing else up to the end of April.
    const off = { name: 'Discount', products: null, from: null, until: null, cycles: null }
    const trial = { ...fee('100'), trial_end_date: '2026-03-16' }
    const terms = {
      net_terms: 0,
      discounts: [
        { ...off, type: 'percent' as const, value: '10' },
        { ...off, type: 'fixed' as const, value: '5' },
      ],
    }
    const of = (nextCycle: number, billsChangeAt: number | null) => {
      const { contract, ...rest } = agreement([trial], nextCycle, terms)
      return upcomingCash({ ...rest, contract: { ...contract, billsChangeAt } }, horizon).map(
        ({ dueOn, amount }) => [dueOn, amount],
      )
    }
    const onTheDay = ['2026-03-16', 46_45n]
    const regular = ['2026-04-01', 85_00n]
    expect(of(2, Date.parse('2026-03-16'))).toEqual([onTheDay, regular])
    expect(of(3, Date.parse('2026-03-16'))).toEqual([onTheDay, regular])
    expect(of(3, null)).toEqual([regular])
  })

  it('expects a year at the boundary that it begins on, beside the months', () => {
    const own = { billing_cycle: { unit: 'YEARLY', cycle: 1 } } as const
    const products = [
      { ...fee('1200'), ...own },
      sold('setup', { type: 'flat', amount: '5', term: 'in_advance' }),
    ]
    const expected = upcomingCash(agreement(products, 10, { net_terms: 0 }), {
      ...horizon,
      asOf: '2026-10-10',
      periods: 6,
    })
    expect(expected.map(({ dueOn, amount }) => [dueOn, amount])).toEqual([['2027-01-01', 1200_00n]])
  })

  it('ends with the contract: fees in arrears are billed on its end, those in advance are not', () => {
    const terms = { end_date: '2026-04-01', net_terms: 0 }
    const dates = (term: 'in_advance' | 'in_arrears') =>
      upcomingCash(agreement([fee('100', term)], 2, terms), horizon).map(({ dueOn }) => dueOn)
    expect(dates('in_advance')).toEqual(['2026-03-01'])
    expect(dates('in_arrears')).toEqual(['2026-03-01', '2026-04-01'])
  })

  it('taxes each invoice for a product by itself', () => {
    // 0.05 x 10 % = 0.005, rounded to 0.01, on each of two invoices; on one for both, 0.10 x 10 % = 0.01.
    const products = [
      fee('0.05'),
      sold(
        'setup',
        { type: 'flat', amount: '0.05', term: 'in_advance' },
        { billing_start_date: '2026-03-01' },
      ),
    ]
    const due = (invoicing: ContractTerms['invoicing']) =>
      upcomingCash(agreement(products, 2, { invoicing, tax_percent: '10' }), horizon)[0]!.amount
    expect([due('per_product'), due('collective')]).toEqual([12n, 11n])
  })

  it('expects nothing of a contract that is billed to its end', () => {
    const over = agreement([fee('100')], 3)
    expect(upcomingCash({ ...over, contract: { ...over.contract, nextCloseAt: null } }, horizon)).toEqual([])
  })
})

describe('cashForecastOf', () => {
  const due = (dueOn: string, amount: bigint, from: 'invoiced' | 'upcoming' = 'invoiced') => ({
    currency: 'USD',
    dueOn,
    amount,
    from,
  })

  it('lays out months without a gap, between what is overdue and what comes later', () => {
    const rows = cashForecastOf(
      [
        due('2026-02-09', 100n),
        due('2026-02-10', 200n),
        due('2026-04-30', 400n, 'upcoming'),
        due('2026-05-01', 800n),
      ],
      { asOf: '2026-02-10', by: 'month', periods: 3 },
    )
    expect(rows.map((row) => [row.period, row.invoiced, row.upcoming, row.total])).toEqual([
      ['overdue', '1.00', '0.00', '1.00'],
      ['2026-02', '2.00', '0.00', '2.00'],
      ['2026-03', '0.00', '0.00', '0.00'],
      ['2026-04', '0.00', '4.00', '4.00'],
      ['later', '8.00', '0.00', '8.00'],
    ])
  })

  it('names weeks by their Mondays', () => {
    // 10 February 2026 is a Tuesday; the week of Monday the 16th begins six days later.
    const rows = cashForecastOf([due('2026-02-15', 100n), due('2026-02-16', 200n)], {
      asOf: '2026-02-10',
      by: 'week',
      periods: 2,
    })
    expect(rows.map((row) => [row.period, row.total])).toEqual([
      ['overdue', '0.00'],
      ['2026-02-09', '1.00'],
      ['2026-02-16', '2.00'],
      ['later', '0.00'],
    ])
  })
})

describe('unbilledRemaining', () => {
  it('is what the term still bills for service to come: nine of twelve months in advance', () => {
    // Boundaries 0, 1 and 2 have billed January to March; April to December are 9 x 100.00.
    const year = agreement([fee('100'), calls], 3, { end_date: '2027-01-01' })
    expect(unbilledRemaining(year, '2026-03-31')).toEqual([900_00n, 0n, 0n])
  })

  it('leaves out what is performed and not billed yet', () => {
    // In arrears, 310.00 for March: on the 10th ten days of 31 are performed, 310.00 − 100.00; April 310.00.
    const arrears = agreement([fee('310', 'in_arrears')], 3, { end_date: '2026-05-01' })
    expect(unbilledRemaining(arrears, '2026-03-10')).toEqual([210_00n + 310_00n, 0n, 0n])
  })

  it('splits three years into their bands', () => {
    // 1,200.00 a year, billed for 2026. As of 30 June 2026: 2027 to 30 June is 181 of 365 days, 595.07 (595.068…);
    // to 30 June 2028 the other 604.93 and 182 of 366 days, 596.72 (596.721…); beyond 1,200.00 − 596.72 = 603.28.
    const years = agreement([fee('1200')], 1, {
      end_date: '2029-01-01',
      billing_cycle: { unit: 'YEARLY', cycle: 1 },
    })
    expect(unbilledRemaining(years, '2026-06-30')).toEqual([595_07n, 604_93n + 596_72n, 603_28n])
  })

  it('knows years in a contract by months: the same, in advance and in arrears', () => {
    const own = { billing_cycle: { unit: 'YEARLY', cycle: 1 } } as const
    const terms = { end_date: '2029-01-01' }
    // As above, with 2026 billed and June the running month.
    const inAdvance = agreement([{ ...fee('1200'), ...own }], 6, terms)
    expect(unbilledRemaining(inAdvance, '2026-06-30')).toEqual([595_07n, 604_93n + 596_72n, 603_28n])
    // Of 2026 nothing is billed: 181 of 365 days are performed, 595.07, and the other 604.93 are to come.
    const inArrears = agreement([{ ...fee('1200', 'in_arrears'), ...own }], 6, terms)
    expect(unbilledRemaining(inArrears, '2026-06-30')).toEqual([
      604_93n + 595_07n,
      604_93n + 596_72n,
      603_28n,
    ])
  })

  it('counts back an invoice that was issued after the day', () => {
    // Now March is billed as well; on 15 February it was not: March to December are 10 x 100.00.
    const year = agreement([fee('100')], 3, { end_date: '2027-01-01' })
    expect(unbilledRemaining(year, '2026-02-15')).toEqual([1000_00n, 0n, 0n])
  })

  it('is nothing where the contract has no end, or notice: it can be left without penalty', () => {
    const noticed = { end_date: '2027-01-01', termination_notice_days: 30 }
    for (const more of [{}, noticed])
      expect(unbilledRemaining(agreement([fee('100')], 3, more), '2026-03-31')).toEqual([0n, 0n, 0n])
  })
})

describe('remainingOf', () => {
  it('adds up both ways, and drops what has nothing left', () => {
    const row = { contractRef: 'k-1', customerRef: 'acme', currency: 'USD' }
    const report = remainingOf([
      { ...row, bands: { billed: [1_00n, 0n, 0n], unbilled: [2_00n, 3_00n, 4_00n] } },
      { ...row, contractRef: 'k-2', bands: { billed: [0n, 0n, 0n] } },
    ])
    const figures = {
      billed: '1.00',
      unbilled: '9.00',
      minimum_commitments: '0.00',
      estimated_usage: '0.00',
      within_12_months: '3.00',
      months_13_to_24: '3.00',
      beyond: '4.00',
      total: '10.00',
    }
    expect(report.rows).toEqual([{ contract_ref: 'k-1', customer_ref: 'acme', currency: 'USD', ...figures }])
    expect(report.totals).toEqual([{ currency: 'USD', ...figures }])
  })
})
