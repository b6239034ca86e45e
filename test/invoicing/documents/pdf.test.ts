import { readFile } from 'node:fs/promises'
import { PDF } from '@libpdf/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { plainTax } from '../../../src/contracts/terms/tax-terms.ts'
import { planCreditNote } from '../../../src/invoicing/corrections/credit-note.ts'
import { renderCreditNotePdf } from '../../../src/invoicing/corrections/credit-note-pdf.ts'
import { planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import { renderInvoicePdf } from '../../../src/invoicing/documents/pdf.ts'
import type { PdfFonts } from '../../../src/invoicing/documents/pdf-sheet.ts'
import type { Invoice } from '../../../src/invoicing/invoice.ts'
import { NOTHING_SETTLED } from '../../../src/invoicing/settlement.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { BUYER, CALLS, closing, flat, sealed, usage } from '../closing.ts'
import { invoiceOf as issuedInvoice, lineOf, paidBy } from './issued.ts'

const NOTO = 'node_modules/@expo-google-fonts/noto-sans'
let fonts: PdfFonts

beforeAll(async () => {
  const read = async (file: string) => new Uint8Array(await readFile(`${NOTO}/${file}`))
  fonts = {
    regular: await read('400Regular/NotoSans_400Regular.ttf'),
    bold: await read('700Bold/NotoSans_700Bold.ttf'),
  }
})

/** The PDF's text by page, with what was said of it. */
async function read(invoice: Invoice, paid = 0n) {
  const settlement = { ...NOTHING_SETTLED, paid }
  const bytes = await renderInvoicePdf(invoice, { settlement, hostedUrl: 'https://pay.test/i/1', fonts })
  const pdf = await PDF.load(bytes)
  return { bytes, title: pdf.getTitle(), pages: pdf.getPages().map((page) => page.extractText().text) }
}

function invoiceOf(seatCount: number, name = 'ACME GmbH'): Invoice {
  const seats = Array.from({ length: seatCount }, () => sold('seats', flat('20.00'), { quantity: '5' }))
  const [invoice] = planCycleClose(
    closing(termsOf([sold('calls', CALLS), ...seats], { tax_percent: '10', po_number: 'PO-77' }), 1, {
      buyer: { ...BUYER, legalName: name },
      sealed: sealed(1, [usage('calls', { '2026-01': '1234' })]),
    }),
  ).invoices
  return invoice!
}

describe('the PDF of an invoice', () => {
  it('is one page of text that says everything', async () => {
    // 57.34 + 100.00 = 157.34; 10 % are 15.734, so 15.73; together 173.07.
    const invoice = invoiceOf(1)
    const { bytes, title, pages } = await read(invoice)
    expect(new TextDecoder().decode(bytes.slice(0, 4))).toBe('%PDF')
    expect(bytes.length).toBeLessThan(60_000)
    expect(title).toBe('Invoice INV000007')
    expect(pages).toHaveLength(1)
    for (const text of [
      'INV000007',
      'Seller Inc.',
      'ACME GmbH',
      'PO-77',
      '$173.07 due 31 July 2026',
      'Over 100 up to 1,000',
      '$45.00',
      'Tax 10%',
      invoice.paymentReference,
      '12345',
      'Page 1 of 1',
    ])
      expect(pages[0]).toContain(text)
  })

  it('repeats its headings on every page, and has the totals once', async () => {
    const { pages } = await read(invoiceOf(60))
    expect(pages.length).toBeGreaterThan(2)
    expect(pages.at(-1)).toContain(`Page ${pages.length} of ${pages.length}`)
    expect(pages.filter((page) => page.includes('Subtotal'))).toHaveLength(1)
    for (const page of pages.slice(0, -1)) expect(page).toContain('Unit price')
  })

  it('shows discounts, each tax and what must be said of one', async () => {
    // 100.00 − 10.00 = 90.00; 5 % are 4.50.
    const taxes = [
      { ...plainTax('5'), name: 'GST' },
      { ...plainTax('0'), name: 'Levy', reason: 'exempt' as const, note: 'Exempt under § 4 UStG.' },
    ]
    const launch = { name: 'Launch', type: 'fixed' as const, value: '10', products: null }
    const discounts = [{ ...launch, from: null, until: null, cycles: null }]
    const [invoice] = planCycleClose(
      closing(termsOf([sold('seats', flat('100.00'))], { taxes, discounts }), 0),
    ).invoices
    const { pages } = await read(invoice!)
    for (const text of [
      'Launch',
      '-$10.00',
      'GST 5% on $90.00',
      '$4.50',
      'Levy 0% on $90.00, exempt',
      'Exempt under § 4 UStG.',
      'discount -$10.00',
      '$94.50',
    ])
      expect(pages[0]).toContain(text)
  })

  it('asks for no payment once it is paid', async () => {
    const invoice = invoiceOf(1)
    const { pages } = await read(invoice, invoice.total)
    expect(pages[0]).toContain('Paid in full')
    expect(pages[0]).not.toContain('How to pay')
  })

  it('survives names that are long, or of a script that the font lacks', async () => {
    const { pages } = await read(invoiceOf(1, `東京 ${'Donaudampfschifffahrt'.repeat(12)}`))
    expect(pages[0]).toContain('Donaudampfschifffahrt')
  })
})

describe('the PDF of a credit note', () => {
  it('names its invoice and says what is credited, and why', async () => {
    const line = lineOf({ id: 'seats', description: 'Seats', netAmount: 10_000n, tax: 1_900n })
    const invoice = { ...issuedInvoice([line]), parties: invoiceOf(1).parties }
    const { creditNote, reversals } = planCreditNote({
      ...{ invoice, reversals: [], allocations: [paidBy('pay_1', 11_900n)], key: 'k', nextSequence: 7 },
      ...{
        cause: 'service_level',
        reason: 'Outage of 3 days',
        issueDate: '2026-01-16',
        timezone: 'UTC',
        actor: 'finance',
        now: 0,
      },
      lines: [{ lineId: 'seats', amount: 1_000n }],
    })
    const bytes = await renderCreditNotePdf(creditNote, { lines: reversals, invoice, fonts })
    const pdf = await PDF.load(bytes)
    expect(pdf.getTitle()).toBe('Credit note INV-CN000007')
    const [page] = pdf.getPages().map((each) => each.extractText().text)
    // 10.00 and 19 % of it; all of it was paid before.
    for (const text of [
      'Credit note',
      'INV-CN000007',
      invoice.number,
      'Outage of 3 days',
      'VAT 19%',
      '€1.90',
      '€11.90 credited',
      '€11.90 were paid already and are kept as credit.',
    ]) {
      expect(page).toContain(text)
    }
  })
})
