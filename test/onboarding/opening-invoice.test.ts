import { describe, expect, it } from 'vitest'
import { faultsOfOpenInvoice } from '../../src/onboarding/opening-faults.ts'
import {
  factsOf,
  factsThere,
  type OpenInvoice,
  openingEntry,
  openingInvoice,
} from '../../src/onboarding/opening-invoice.ts'
import { BUYER, SELLER } from '../invoicing/closing.ts'

const NOW = Date.UTC(2026, 0, 15, 23, 30)
const seller = { ...SELLER, invoiceSeries: 'INV', timezone: 'Europe/Berlin' }

const row = (more: Partial<OpenInvoice> = {}): OpenInvoice => ({
  number: 'R-17',
  customer_ref: BUYER.ref,
  issue_date: '2025-12-01',
  due_date: '2025-12-31',
  currency: 'USD',
  amount: '100',
  paid: '0',
  ...more,
})

describe('an open invoice', () => {
  it.each([
    { name: 'is taken', more: {}, paths: [] },
    {
      name: 'may be of today, which has begun in Berlin',
      more: { issue_date: '2026-01-16', due_date: '2026-01-16' },
      paths: [],
    },
    {
      name: 'is not of tomorrow',
      more: { issue_date: '2026-01-17', due_date: '2026-01-17' },
      paths: ['issue_date'],
    },
    { name: 'is not due before it is issued', more: { due_date: '2025-11-30' }, paths: ['due_date'] },
    { name: 'has no fractions of a cent', more: { amount: '0.001' }, paths: ['amount'] },
    {
      name: 'has an amount that can be stored: 2^53 cents cannot',
      more: { amount: '90071992547409.92' },
      paths: ['amount'],
    },
    { name: 'may have 2^53 − 1 cents', more: { amount: '90071992547409.91' }, paths: [] },
    { name: 'is open', more: { paid: '100.00' }, paths: ['paid'] },
    { name: 'is more than nothing', more: { amount: '0' }, paths: ['paid'] },
    { name: 'has no number that the seller will issue', more: { number: 'inv-000 123' }, paths: ['number'] },
    { name: 'may have one that only begins like it', more: { number: 'INVOICE-7' }, paths: [] },
  ])('$name', ({ more, paths }) => {
    expect(faultsOfOpenInvoice(row(more), seller, NOW).map(({ path }) => path)).toEqual(paths)
  })

  it('carries what is open of it, and tells how that came about', () => {
    const invoice = openingInvoice(row({ amount: '100', paid: '40.5' }), { seller, buyer: BUYER }, NOW)
    // 100.00 − 40.50 = 59.50
    expect(invoice).toMatchObject({
      number: 'R-17',
      subTotal: 5_950n,
      totalTax: 0n,
      total: 5_950n,
      netTerms: 30,
    })
    expect(invoice.lines.map(({ amount, detail }) => [amount, detail.map((one) => one.amount)])).toEqual([
      [5_950n, ['100.00', '-40.50']],
    ])
  })

  it.each([{ paid: '0' }, { paid: '40.5' }])('gives its facts back where $paid was paid', ({ paid }) => {
    const sent = row({ paid, po_number: 'PO-7' })
    const { lines, ...invoice } = openingInvoice(sent, { seller, buyer: BUYER }, NOW)
    expect(factsThere(invoice, lines)).toEqual(factsOf(sent, seller.ref))
  })

  it('is booked on the day that the books take it over', () => {
    const { postingDate, postings } = openingEntry(
      openingInvoice(row(), { seller, buyer: BUYER }, NOW),
      seller.timezone,
    )
    // 23:30 UTC is the next day in Berlin
    expect(postingDate).toBe('2026-01-16')
    expect(postings.map(({ account, amount }) => [account, amount])).toEqual([
      ['accounts_receivable', 10_000n],
      ['opening_balance', -10_000n],
    ])
  })
})
