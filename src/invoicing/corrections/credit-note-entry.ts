import { assert } from '../../kernel/problem.ts'
import { credit, debit, type JournalEntry, journalEntry, type Posting } from '../../ledger/journal-entry.ts'
import type { Invoice } from '../invoice.ts'
import { dimensionsOf, lineAccount } from '../line-account.ts'
import type { CreditNote } from './credit-note-document.ts'
import type { LineReversal } from './line-reversal.ts'

/**
 * Dr contract position, line by line, or customer credit for credit that is taken back, and tax / Cr accounts receivable,
 * or customer credit for what was paid. None where all that is credited was paid by credit before tax: that has its own.
 */
export function creditNoteEntries(
  invoice: Invoice,
  creditNote: CreditNote,
  reversals: readonly LineReversal[],
): JournalEntry[] {
  const dimensions = dimensionsOf(invoice)
  const entry = journalEntry({
    entityRef: creditNote.entityRef,
    postingDate: creditNote.issueDate,
    event: 'credit_note_issued',
    sourceId: creditNote.id,
    currency: creditNote.currency,
    description: `Credit note ${creditNote.number} for invoice ${invoice.number}`,
    recordedAt: creditNote.issuedAt,
    postings: [
      ...positionPostings(invoice, reversals),
      debit('tax_payable', creditNote.totalTax, dimensions),
      credit('accounts_receivable', creditNote.total - creditNote.released, dimensions),
      credit('customer_credit', creditNote.released, { customerRef: creditNote.customerRef }),
    ],
  })
  return entry.postings.length === 0 ? [] : [entry]
}

/**
 * What leaves the contract's position, or the customer's credit. An invoice that was issued elsewhere never was in one:
 * what is credited of it lowers revenue at once.
 */
export const positionPostings = (invoice: Invoice, reversals: readonly LineReversal[]): Posting[] =>
  reversals.map(({ amount, productRef, lineId }) => {
    if (invoice.origin === 'import') return debit('revenue', amount, { ...dimensionsOf(invoice), productRef })
    const line = invoice.lines.find(({ id }) => id === lineId)
    assert(line, `invoice ${invoice.id} has no line ${lineId}`)
    const [account, standsIn] = lineAccount(invoice, line)
    return debit(account, amount, standsIn)
  })
