import { describe, expect, it } from 'vitest'
import { financingOf } from '../../../src/revenue/accounting/financing.ts'
import { accountingContract, book, fee, product, ssp, terms } from './contracts.ts'

const plan = product('plan', 'month_even')

/** Fees of 2026 and 2027, paid in pieces of so many years. */
const years = (cycle: number) =>
  ({ billing_cycle: { unit: 'YEARLY', cycle }, end_date: '2028-01-01' }) as const
const asked = (
  sold: ReturnType<typeof fee>[],
  cycle: number,
  more: Partial<Parameters<typeof accountingContract>[0]> = {},
) =>
  financingOf(
    accountingContract({
      products: [plan],
      versions: [terms(sold, years(cycle))],
      books: [],
      ...more,
    }),
    'ASC606',
  )

// 100.00 a month; on 1 January 2027 twelve of 24 months are served.
const AHEAD = [{ lender: 'customer', date: '2026-01-01', amount: 120_000n }]

describe('two years that are paid ahead', () => {
  it('are asked about where their fees follow invoice lines', () => {
    expect(asked([fee('plan', '2400')], 2)).toEqual(AHEAD)
  })

  it('are asked about where their fees follow a plan', () => {
    const books = [book([ssp('plan', '1200', 'year')])]
    expect(asked([fee('plan', '2400')], 2, { books })).toEqual(AHEAD)
  })

  it('are not where each is paid for itself: no more than a year lies between', () => {
    expect(asked([fee('plan', '1200')], 1)).toEqual([])
  })

  it('are not where what is bought is credit, which the customer uses when it likes', () => {
    expect(asked([fee('wallet', '2400')], 2)).toEqual([])
  })
})

it('service that is paid more than a year later is lent by the seller', () => {
  const arrears = { model: { type: 'flat', amount: '2400', term: 'in_arrears' } as const }
  // By 31 December 2026 1,200.00 are served, and a year later nothing is paid; all of it is on 1 January 2028.
  expect(asked([fee('plan', '2400', arrears)], 2)).toEqual([
    { lender: 'seller', date: '2026-12-31', amount: 120_000n },
  ])
})
