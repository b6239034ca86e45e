import { type Minor, parseMoney } from '../../kernel/money.ts'
import { assert } from '../../kernel/problem.ts'
import { credit, debit, type JournalEntry, journalEntry } from '../../ledger/journal-entry.ts'
import type { Invoice, TaxLine } from '../invoice.ts'
import { dimensionsOf, lineAccount } from '../line-account.ts'

/**
 * The entry of an issued invoice: Dr accounts receivable / Cr contract position, line by line, or customer credit for a
 * line that sells such, and tax payable, tax by tax. A line posts its consideration: without its share of discounts and of credit before tax, and without included tax.
 * Credit after tax settles the receivable, and has entries of its own. Billing is not revenue: the position becomes
 * revenue when the service is delivered. An invoice of nothing posts nothing.
 *
 * @example 119.00 with 19 % included: Dr receivable 119.00 / Cr position 100.00, tax payable 19.00
 */
export function issueEntries(invoice: Invoice): JournalEntry[] {
  const dimensions = dimensionsOf(invoice)
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
      ...invoice.lines.map((line) => {
        const [account, standsIn] = lineAccount(invoice, line)
        return credit(account, line.netAmount, standsIn)
      }),
      ...invoice.taxes.map((tax) => credit('tax_payable', taxOf(tax, invoice.currency), dimensions)),
    ],
  })
  return entry.postings.length === 0 ? [] : [entry]
}

function taxOf({ tax }: TaxLine, currency: string): Minor {
  const amount = parseMoney(tax, currency)
  assert(amount !== undefined, `${tax} is an amount of ${currency}`)
  return amount
}
