import { credit, debit, type JournalEntry, journalEntry } from '../ledger/journal-entry.ts'
import type { Invoice } from './invoice.ts'

/**
 * The entry of an issued invoice: Dr accounts receivable / Cr contract position, line by line, and tax payable. Billing
 * is not revenue: the position becomes revenue when the service is delivered. An invoice of nothing posts nothing.
 */
export function issueEntries(invoice: Invoice): JournalEntry[] {
  const dimensions = {
    customerRef: invoice.customerRef,
    contractRef: invoice.contractRef,
    invoiceId: invoice.id,
  }
  const entry = journalEntry({
    entityRef: invoice.entityRef,
    postingDate: invoice.issueDate,
    event: 'invoice_issued',
    sourceId: invoice.id,
    currency: invoice.currency,
    description: `Invoice ${invoice.number}`,
    recordedAt: invoice.issuedAt,
    postings: [
      debit('accounts_receivable', invoice.total, dimensions),
      ...invoice.lines.map((line) =>
        credit('contract_position', line.netAmount, { ...dimensions, productRef: line.productRef }),
      ),
      credit('tax_payable', invoice.totalTax, dimensions),
    ],
  })
  return entry.postings.length === 0 ? [] : [entry]
}
