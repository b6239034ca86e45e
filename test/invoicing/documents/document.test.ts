import { describe, expect, it } from 'vitest'
import { plainTax } from '../../../src/contracts/terms/tax-terms.ts'
import { untouched } from '../../../src/credits/movement.ts'
import { planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import { dateInWords, periodInWords } from '../../../src/invoicing/documents/date-words.ts'
import { invoiceDocument } from '../../../src/invoicing/documents/document.ts'
import { issuedMail } from '../../../src/invoicing/documents/issued.mail.tsx'
import { NOTHING_SETTLED } from '../../../src/invoicing/settlement.ts'
import { grantOf } from '../../credits/grants.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { CALLS, closing, flat, sealed, unit, usage } from '../closing.ts'

const paid = (amount: bigint) => ({ ...NOTHING_SETTLED, paid: amount })

/** 1,234 calls 57.34, 12 seats at 20.00 are 240.00: 297.34; 19 % are 56.4946, so 56.49; together 353.83. */
const [invoice] = planCycleClose(
  closing(
    termsOf(
      [
        sold('calls', CALLS),
        sold('storage', unit('0.00123')),
        sold('seats', flat('20.00'), { quantity: '12' }),
      ],
      {
        tax_percent: '19',
        po_number: 'PO-77',
      },
    ),
    1,
    { sealed: sealed(1, [usage('calls', { '2026-01': '1234' })]) },
  ),
).invoices

describe('dates in words', () => {
  it.each([
    ['2026-01-01', '2026-02-01', '1 – 31 January 2026'],
    ['2026-01-15', '2026-02-15', '15 January – 14 February 2026'],
    ['2025-12-15', '2026-01-15', '15 December 2025 – 14 January 2026'],
    ['2026-01-31', '2026-02-01', '31 January 2026'],
  ])('says %s to %s as %s', (start, end, words) => {
    expect(periodInWords(start, end)).toBe(words)
  })

  it('says a date', () => {
    expect(dateInWords('2026-03-05')).toBe('5 March 2026')
  })
})

describe('the document of an invoice', () => {
  it('shows what is owed, to whom, and for what', () => {
    expect(invoiceDocument(invoice!, NOTHING_SETTLED)).toMatchObject({
      number: 'INV000007',
      state: 'ISSUED',
      seller: {
        name: 'Seller Inc.',
        lines: ['1 Main St', '10001 New York', 'US', 'Tax ID US-1', 'billing@seller.test'],
      },
      total: '$353.83',
      amountDue: '$353.83',
      dueDate: '31 July 2026',
      totals: [
        { label: 'Subtotal', value: '$297.34' },
        { label: 'Tax 19%', value: '$56.49' },
        { label: 'Total', value: '$353.83' },
      ],
      bankAccounts: [
        [
          { label: 'Beneficiary', value: 'Seller Inc.' },
          { label: 'Bank', value: 'First Bank' },
          { label: 'Account number', value: '12345' },
        ],
      ],
    })
  })

  it('shows the arithmetic of tiers, and prices with all their digits', () => {
    const [calls, seats] = invoiceDocument(invoice!, NOTHING_SETTLED).lines
    expect(calls).toMatchObject({
      quantity: '1,234',
      unitAmount: '',
      amount: '$57.34',
      period: '1 – 31 January 2026',
    })
    expect(calls!.detail[1]).toMatchObject({ quantity: '900', unitAmount: '$0.05', amount: '$45.00' })
    expect(seats).toMatchObject({ quantity: '12', unitAmount: '$20.00', amount: '$240.00', detail: [] })
  })

  it('shows no bank account where wires are not taken', () => {
    const byCard = { ...invoice!, paymentMethods: ['card'] }
    expect(invoiceDocument(byCard, NOTHING_SETTLED).bankAccounts).toEqual([])
    const { text } = issuedMail({
      document: invoiceDocument(byCard, NOTHING_SETTLED),
      hostedUrl: 'https://pay.test',
      charged: false,
    })
    expect(text).not.toContain('wire')
  })

  it.each([
    { allocated: 10000n, state: 'PARTIALLY_PAID', money: '$100.00', due: '$253.83' },
    { allocated: 35383n, state: 'PAID', money: '$353.83', due: '$0.00' },
  ])('takes off what was paid: $money', ({ allocated, state, money, due }) => {
    const document = invoiceDocument(invoice!, paid(allocated))
    expect(document).toMatchObject({ state, paid: money, amountDue: due })
    expect(document.totals.at(-1)).toEqual({ label: 'Paid', value: `-${money}` })
  })
})

/**
 * Seats 100.00, of which 19 % VAT is included, and support 50.00 in reverse charge. 10 % off leaves 135.00: 90.00 with
 * 14.37 of VAT (90 × 19 / 119 = 14.3697…), so 75.63, and 45.00. A gift of 5.00 pays after tax.
 */
const [rich] = planCycleClose(
  closing(
    termsOf(
      [
        sold('seats', flat('100.00'), { taxes: [{ ...plainTax('19'), name: 'VAT', inclusive: true }] }),
        sold('support', flat('50.00'), {
          taxes: [{ ...plainTax('0'), name: 'VAT', reason: 'reverse_charge' }],
        }),
      ],
      {
        discounts: [
          {
            name: 'Launch',
            type: 'percent',
            value: '10',
            products: null,
            from: null,
            until: null,
            cycles: null,
          },
        ],
      },
    ),
    0,
    { wallet: [untouched(grantOf({ ref: 'gift', name: 'Gift', amount: 5_00n }))] },
  ),
).invoices

describe('the document of an invoice with discounts, several taxes and credit', () => {
  const document = invoiceDocument(rich!, paid(5_00n))

  it('shows each of them, and what is left to pay', () => {
    expect(document.totals).toEqual([
      { label: 'Subtotal', value: '$150.00' },
      { label: 'Launch (10%)', value: '-$15.00' },
      { label: 'VAT 19% on $75.63, included', value: '$14.37' },
      { label: 'VAT 0% on $45.00, reverse charge', value: '$0.00' },
      { label: 'Total', value: '$135.00' },
      { label: 'Gift', value: '-$5.00' },
    ])
    expect(document).toMatchObject({ total: '$135.00', amountDue: '$130.00', state: 'PARTIALLY_PAID' })
    expect(document.notes).toEqual(['Reverse charge: the recipient owes the tax.'])
  })

  it('says of each line what is off it and which tax it bears', () => {
    expect(document.lines.map(({ note }) => note)).toEqual([
      'discount -$10.00, VAT 19%',
      'discount -$5.00, VAT 0%',
    ])
  })

  it('says the same in the mail', () => {
    const { text } = issuedMail({ document, hostedUrl: 'https://pay.test', charged: false })
    expect(text).toContain('Launch (10%): -$15.00\nVAT 19% on $75.63, included: $14.37')
    expect(text).toContain('Gift: -$5.00\nAmount due: $130.00')
  })

  it('tells payments from credit, and what else settled it', () => {
    const settlement = { paid: 25_00n, credited: 10_00n, writtenOff: 0n, voided: 0n }
    expect(invoiceDocument(rich!, settlement).totals.slice(-3)).toEqual([
      { label: 'Gift', value: '-$5.00' },
      { label: 'Paid', value: '-$20.00' },
      { label: 'Credited', value: '-$10.00' },
    ])
  })
})

describe('the mail of an invoice', () => {
  const hostedUrl = 'https://pay.test/i/inv_1.abc'
  const mail = (allocated: bigint, charged = false) =>
    issuedMail({ document: invoiceDocument(invoice!, paid(allocated)), hostedUrl, charged })

  it('says number, seller, amount and due date in the subject, and how to pay', () => {
    const { subject, html, text } = mail(0n)
    expect(subject).toBe('Invoice INV000007 from Seller Inc.: $353.83 due 31 July 2026')
    expect(text.split('\n')[0]).toBe(
      'Seller Inc. has sent you invoice INV000007 over $353.83, due 31 July 2026, for 1 – 31 January 2026.',
    )
    for (const body of [html, text]) {
      expect(body).toContain(hostedUrl)
      expect(body).toContain(invoice!.paymentReference)
      expect(body).toContain('12345')
      expect(body).toContain('View and pay the invoice')
    }
    expect(html.match(/<a /g)).toHaveLength(1)
  })

  it('asks for nothing when the card on file is charged', () => {
    const { text } = mail(0n, true)
    expect(text).toContain('Your saved card will be charged with $353.83; you need not do anything.')
    expect(text).not.toContain('pay the invoice')
  })

  it('asks for nothing when nothing is left to pay', () => {
    const { subject, text } = mail(35383n)
    expect(subject).toBe('Invoice INV000007 from Seller Inc.: $353.83, paid')
    expect(text).toContain('Nothing is left to pay.')
    expect(text).not.toContain(invoice!.paymentReference)
  })

  it('escapes what people wrote', () => {
    const document = {
      ...invoiceDocument(invoice!, NOTHING_SETTLED),
      seller: { name: 'A & B <script>', lines: [] },
    }
    expect(issuedMail({ document, hostedUrl, charged: false }).html).toContain('A &amp; B &lt;script&gt;')
  })
})
