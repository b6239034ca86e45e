import type { Address, BankAccount } from '../../customers/customer.ts'
import { currencyDigits } from '../../kernel/currency.ts'
import { groupDigits } from '../../kernel/digits.ts'
import { displayMoney, type Minor, parseMoney } from '../../kernel/money.ts'
import { type Labelled, lineNote, taxNotes, totalRows } from '../assembly/document-totals.ts'
import { earlyPaymentNote } from '../early-payment.ts'
import {
  type Invoice,
  type InvoiceLine,
  type InvoiceParties,
  type InvoiceState,
  invoiceState,
} from '../invoice.ts'
import { type Settlement, settledAmount } from '../settlement.ts'
import { dateInWords, periodInWords } from './date-words.ts'

/** A row of the table of lines; `detail` is the arithmetic behind it, for lines that have more than one step. */
export type DocumentLine = {
  description: string
  period: string
  /** Its discount and taxes, where it takes words to tell; or empty. */
  note: string
  quantity: string
  unitAmount: string
  amount: string
  detail: { description: string; quantity: string; unitAmount: string; amount: string }[]
}

/** A side of a document: its name, and the lines below it. */
export type DocumentParty = { name: string; lines: string[] }

/** An invoice as people read it: every text ready to be shown, the same on the page, in the PDF and in the mail. */
export type InvoiceDocument = {
  number: string
  state: InvoiceState
  seller: DocumentParty
  buyer: DocumentParty
  facts: Labelled[]
  lines: DocumentLine[]
  /** From the subtotal down to what has settled it. */
  totals: Labelled[]
  /** What the law wants said, such as of a reverse charge. */
  notes: string[]
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

/** The view model of an invoice, as far as it is settled by now. Nothing is computed here but the amount that is left. */
export function invoiceDocument(invoice: Invoice, settlement: Settlement): InvoiceDocument {
  const allocated = settledAmount(settlement)
  const money = (amount: Minor) => displayMoney(amount, invoice.currency)
  const { seller, buyer } = invoice.parties
  return {
    number: invoice.number,
    state: invoiceState(invoice.total, settlement),
    seller: partyOf(seller),
    buyer: partyOf(buyer),
    facts: facts(invoice),
    lines: invoice.lines.map((line) => documentLine(line, invoice)),
    totals: totalRows(invoice, settlement),
    notes: [...taxNotes(invoice), ...earlyPaymentNotes(invoice, allocated)],
    total: money(invoice.total),
    paid: money(settlement.paid),
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

/** The offer stands as long as nothing is paid: it is for the whole amount. */
const earlyPaymentNotes = ({ total, currency, earlyPayment }: Invoice, allocated: Minor): string[] =>
  earlyPayment && allocated === 0n && total > 0n ? [earlyPaymentNote(total, currency, earlyPayment)] : []

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

const documentLine = (line: InvoiceLine, invoice: Invoice): DocumentLine => ({
  description: line.description,
  period: periodInWords(line.serviceStart, line.serviceEnd),
  note: lineNote(line, invoice),
  quantity: groupDigits(line.quantity),
  unitAmount: line.unitAmount === null ? '' : displayUnitAmount(line.unitAmount, invoice.currency),
  amount: displayMoney(line.amount, invoice.currency),
  detail: line.detail.map((row) => ({
    description: row.description,
    quantity: groupDigits(row.quantity),
    unitAmount: row.unit_amount === '' ? '' : displayUnitAmount(row.unit_amount, invoice.currency),
    amount: displayMoney(parseMoney(row.amount, invoice.currency) ?? 0n, invoice.currency),
  })),
})

/** A unit price keeps all its digits, and has at least those of its currency. */
const displayUnitAmount = (amount: string, currency: string): string =>
  new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: currencyDigits(currency),
    maximumFractionDigits: 30,
  }).format(amount as `${number}`)

export const partyOf = (party: InvoiceParties['buyer']): DocumentParty => ({
  name: party.name,
  lines: partyLines(party),
})

const partyLines = (party: { address: Address; tax_id: string | null; email: string | null }): string[] => {
  const { line1, line2, city, state, zip_code, country } = party.address
  const place = [[zip_code, city].filter(Boolean).join(' '), state].filter(Boolean).join(', ')
  const taxId = party.tax_id && `Tax ID ${party.tax_id}`
  return [line1, line2, place, country, taxId, party.email].filter((text): text is string => Boolean(text))
}

export const present = (pairs: [label: string, value: string | null | undefined][]): Labelled[] =>
  pairs.flatMap(([label, value]) => (value ? [{ label, value }] : []))
