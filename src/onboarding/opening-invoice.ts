import { PAYMENT_METHODS } from '../contracts/contract.ts'
import { type Buyer, type Seller, sidesOf } from '../invoicing/assembly/invoice-assembly.ts'
import { creditorReference } from '../invoicing/documents/creditor-reference.ts'
import type { Invoice, InvoiceLine } from '../invoicing/invoice.ts'
import { addDays, daysBetween, type Instant, type LocalDate, localDate } from '../kernel/calendar.ts'
import { canonicalJson, sha256Hex } from '../kernel/hash.ts'
import { derivedId } from '../kernel/id.ts'
import { formatMoney, type Minor, parseMoney } from '../kernel/money.ts'
import { credit, debit, type JournalEntry, journalEntry } from '../ledger/journal-entry.ts'

/** An invoice as another system issued it; decimal strings in major units. */
export type OpenInvoice = {
  number: string
  customer_ref: string
  issue_date: LocalDate
  due_date: LocalDate
  currency: string
  amount: string
  paid: string
  po_number?: string | undefined
}

export type OpeningParties = { seller: Seller & { timezone: string }; buyer: Buyer }

export type OpeningInvoice = Invoice & { origin: 'import' }

const openingInvoiceId = (entityRef: string, number: string): string =>
  derivedId('inv', 'import', entityRef, number)

/**
 * The invoice that carries what is open of one issued elsewhere: its own number and dates, one line, no tax (that was
 * declared where it was issued) and no service that revenue could be recognised of. Its total is what is open, so that
 * a payment of exactly that settles it. A number is a series of its own: it never moves the numbers that are issued here.
 *
 * @example amount 1000.00 of which 400.00 were paid: a line "Opening balance" of 600.00
 */
export function openingInvoice(
  row: OpenInvoice,
  { seller, buyer }: OpeningParties,
  now: Instant,
): OpeningInvoice {
  const { number, currency, issue_date: issueDate, due_date: dueDate } = row
  const id = openingInvoiceId(seller.ref, number)
  const line = openingLine(row, id)
  return {
    id,
    entityRef: seller.ref,
    series: number,
    sequence: 0,
    number,
    customerRef: buyer.ref,
    contractRef: '',
    cycleNo: 0,
    productRef: '',
    changeNo: 0,
    currency,
    issueDate,
    dueDate,
    periodStart: issueDate,
    periodEnd: addDays(issueDate, 1),
    netTerms: daysBetween(issueDate, dueDate),
    subTotal: line.amount,
    totalDiscount: 0n,
    discounts: [],
    totalTax: 0n,
    total: line.amount,
    creditsAmount: 0n,
    creditsUsed: [],
    taxes: [],
    parties: { ...sidesOf(seller, buyer, currency), po_number: row.po_number ?? null, contract_number: '' },
    paymentMethods: [...PAYMENT_METHODS],
    paymentReference: creditorReference(number),
    contentHash: sha256Hex(canonicalJson(factsOf(row, seller.ref))),
    issuedAt: now,
    lines: [line],
    origin: 'import',
  }
}

function openingLine(
  { amount, paid, currency, issue_date: date }: OpenInvoice,
  invoiceId: string,
): InvoiceLine {
  const whole = parseMoney(amount, currency) ?? 0n
  const before = parseMoney(paid, currency) ?? 0n
  const detail = (description: string, minor: Minor) => {
    const money = formatMoney(minor, currency)
    return { description, quantity: '1', unit_amount: money, amount: money }
  }
  return {
    id: derivedId('line', invoiceId, 1),
    position: 1,
    kind: 'one_time',
    productRef: 'opening_balance',
    description: 'Opening balance',
    serviceStart: date,
    serviceEnd: date,
    serviceCycleNo: 0,
    quantity: '1',
    unitAmount: formatMoney(whole - before, currency),
    amount: whole - before,
    discount: 0n,
    netAmount: whole - before,
    taxPercent: '0',
    taxes: [],
    detail: before === 0n ? [] : [detail('As issued', whole), detail('Paid before', -before)],
    usageByMonth: {},
  }
}

/** What a row says, in one form: amounts with the digits of their currency. */
export const factsOf = (
  { number, customer_ref, issue_date, due_date, currency, amount, paid, po_number }: OpenInvoice,
  entityRef: string,
) => ({
  number,
  customer_ref,
  entity_ref: entityRef,
  issue_date,
  due_date,
  currency,
  po_number: po_number ?? null,
  amount: formatMoney(parseMoney(amount, currency) ?? 0n, currency),
  paid: formatMoney(parseMoney(paid, currency) ?? 0n, currency),
})

export type OpeningFacts = ReturnType<typeof factsOf>

/** The facts of a row again, out of the invoice that was made of it. */
export function factsThere(
  invoice: Omit<OpeningInvoice, 'lines' | 'origin'>,
  lines: readonly Pick<InvoiceLine, 'detail'>[],
): OpeningFacts {
  const [whole, before] = lines[0]?.detail ?? []
  return {
    number: invoice.number,
    customer_ref: invoice.customerRef,
    entity_ref: invoice.entityRef,
    issue_date: invoice.issueDate,
    due_date: invoice.dueDate,
    currency: invoice.currency,
    amount: whole?.amount ?? formatMoney(invoice.total, invoice.currency),
    paid: before?.amount.replace('-', '') ?? formatMoney(0n, invoice.currency),
    po_number: invoice.parties.po_number,
  }
}

/** Dr accounts receivable / Cr opening balance, on the day that the books take the invoice over. */
export const openingEntry = (invoice: Invoice, timezone: string): JournalEntry =>
  journalEntry({
    entityRef: invoice.entityRef,
    postingDate: localDate(invoice.issuedAt, timezone),
    event: 'opening_balance',
    sourceId: invoice.id,
    currency: invoice.currency,
    description: `Opening balance of invoice ${invoice.number}`,
    recordedAt: invoice.issuedAt,
    postings: [
      debit('accounts_receivable', invoice.total, {
        customerRef: invoice.customerRef,
        invoiceId: invoice.id,
      }),
      credit('opening_balance', invoice.total, { customerRef: invoice.customerRef, invoiceId: invoice.id }),
    ],
  })
