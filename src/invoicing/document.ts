import type { Address, BankAccount } from '../customers/customer.ts'
import { currencyDigits } from '../kernel/currency.ts'
import { displayMoney, type Minor, parseMoney } from '../kernel/money.ts'
import { dateInWords, periodInWords } from './date-words.ts'
import { type Invoice, type InvoiceLine, type InvoiceState, invoiceState } from './invoice.ts'
import { NOTHING_SETTLED } from './settlement.ts'

export type Labelled = { label: string; value: string }

/** A row of the table of lines; `detail` is the arithmetic behind it, for lines that have more than one step. */
export type DocumentLine = {
  description: string
  period: string
  quantity: string
  unitAmount: string
  amount: string
  detail: { description: string; quantity: string; unitAmount: string; amount: string }[]
}

/** An invoice as people read it: every text ready to be shown, the same on the page, in the PDF and in the mail. */
export type InvoiceDocument = {
  number: string
  state: InvoiceState
  seller: { name: string; lines: string[] }
  buyer: { name: string; lines: string[] }
  facts: Labelled[]
  lines: DocumentLine[]
  totals: Labelled[]
  total: string
  paid: string
  amountDue: string
  /** In words: `31 January 2026`. */
  dueDate: string
  currency: string
  paymentReference: string
  /** One block of labelled values for each bank account; none where the invoice takes no wire. */
  bankAccounts: Labelled[][]
}

/**
 * The view model of an invoice. `allocated` is what has been paid on it, in minor units; nothing is computed here but
 * the amount that is left.
 */
export function invoiceDocument(invoice: Invoice, allocated: Minor): InvoiceDocument {
  const money = (amount: Minor) => displayMoney(amount, invoice.currency)
  const { seller, buyer } = invoice.parties
  return {
    number: invoice.number,
    state: invoiceState(invoice.total, { ...NOTHING_SETTLED, paid: allocated }),
    seller: { name: seller.name, lines: partyLines(seller) },
    buyer: { name: buyer.name, lines: partyLines(buyer) },
    facts: facts(invoice),
    lines: invoice.lines.map((line) => documentLine(line, invoice.currency)),
    totals: totals(invoice, allocated),
    total: money(invoice.total),
    paid: money(allocated),
    amountDue: money(invoice.total - allocated),
    dueDate: dateInWords(invoice.dueDate),
    currency: invoice.currency,
    paymentReference: invoice.paymentReference,
    bankAccounts: accountsForWire(invoice).map((account) =>
      present([
        ['Beneficiary', account.beneficiary],
        ['Bank', account.bank_name],
        ['IBAN', account.iban?.replace(/(.{4})(?=.)/g, '$1 ')],
        ['BIC', account.bic],
        ['Account number', account.account_number],
        ['Routing number', account.routing_number],
      ]),
    ),
  }
}

const accountsForWire = ({ parties, paymentMethods }: Invoice): BankAccount[] =>
  paymentMethods.includes('wire') ? parties.seller.bank_accounts : []

const facts = (invoice: Invoice): Labelled[] =>
  present([
    ['Invoice number', invoice.number],
    ['Issue date', dateInWords(invoice.issueDate)],
    ['Due date', dateInWords(invoice.dueDate)],
    ['Billing period', periodInWords(invoice.periodStart, invoice.periodEnd)],
    ['Contract', invoice.parties.contract_number],
    ['PO number', invoice.parties.po_number],
  ])

function totals(invoice: Invoice, allocated: Minor): Labelled[] {
  const money = (amount: Minor) => displayMoney(amount, invoice.currency)
  return [
    { label: 'Subtotal', value: money(invoice.subTotal) },
    ...invoice.taxes.map((tax) => ({
      label: `Tax ${tax.percent}%`,
      value: money(parseMoney(tax.tax, invoice.currency) ?? 0n),
    })),
    { label: 'Total', value: money(invoice.total) },
    ...(allocated > 0n ? [{ label: 'Paid', value: money(-allocated) }] : []),
  ]
}

const documentLine = (line: InvoiceLine, currency: string): DocumentLine => ({
  description: line.description,
  period: periodInWords(line.serviceStart, line.serviceEnd),
  quantity: displayQuantity(line.quantity),
  unitAmount: line.unitAmount === null ? '' : displayUnitAmount(line.unitAmount, currency),
  amount: displayMoney(line.amount, currency),
  detail: line.detail.map((row) => ({
    description: row.description,
    quantity: displayQuantity(row.quantity),
    unitAmount: row.unit_amount === '' ? '' : displayUnitAmount(row.unit_amount, currency),
    amount: displayMoney(parseMoney(row.amount, currency) ?? 0n, currency),
  })),
})

/** Texts go to Intl as text, so no digit is lost. */
const displayQuantity = (quantity: string): string =>
  new Intl.NumberFormat('en', { maximumFractionDigits: 30 }).format(quantity as `${number}`)

/** A unit price keeps all its digits, and has at least those of its currency. */
const displayUnitAmount = (amount: string, currency: string): string =>
  new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: currencyDigits(currency),
    maximumFractionDigits: 30,
  }).format(amount as `${number}`)

const partyLines = (party: { address: Address; tax_id: string | null; email: string | null }): string[] => {
  const { line1, line2, city, state, zip_code, country } = party.address
  const place = [[zip_code, city].filter(Boolean).join(' '), state].filter(Boolean).join(', ')
  const taxId = party.tax_id && `Tax ID ${party.tax_id}`
  return [line1, line2, place, country, taxId, party.email].filter((text): text is string => Boolean(text))
}

const present = (pairs: [label: string, value: string | null | undefined][]): Labelled[] =>
  pairs.flatMap(([label, value]) => (value ? [{ label, value }] : []))
