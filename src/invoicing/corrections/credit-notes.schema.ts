import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { instant, json, minor } from '../../storage/columns.schema.ts'
import type { LineTax, TaxLine } from '../invoice.ts'
import { CREDIT_NOTE_CAUSES } from './credit-note-cause.ts'

/** Credit notes: documents in a number series of their own, each naming the one invoice that it takes from. */
export const creditNotes = sqliteTable(
  'credit_notes',
  {
    id: text('id').primaryKey(),
    entityRef: text('entity_ref').notNull(),
    series: text('series').notNull(),
    sequence: integer('sequence').notNull(),
    number: text('number').notNull(),
    invoiceId: text('invoice_id').notNull(),
    customerRef: text('customer_ref').notNull(),
    contractRef: text('contract_ref').notNull(),
    currency: text('currency').notNull(),
    issueDate: text('issue_date').notNull(),
    cause: text('cause', { enum: CREDIT_NOTE_CAUSES }).notNull(),
    reason: text('reason').notNull(),
    subTotal: minor('sub_total').notNull(),
    totalTax: minor('total_tax').notNull(),
    total: minor('total').notNull(),
    taxes: json<TaxLine[]>('taxes').notNull(),
    /** The part of the total that was paid already, and is the customer's credit now. */
    released: minor('released').notNull(),
    contentHash: text('content_hash').notNull(),
    issuedAt: instant('issued_at').notNull(),
  },
  (table) => [
    uniqueIndex('credit_notes_number').on(table.entityRef, table.series, table.sequence),
    index('credit_notes_invoice').on(table.invoiceId),
    index('credit_notes_customer').on(table.customerRef),
    index('credit_notes_number_text').on(table.number),
  ],
)

/**
 * What was taken back of invoice lines, by credit notes, voids and write-offs. Amounts have the sign of the line; what is
 * paid after all of a line that was written off has the other one. Each row is recognised as the mirror image of a line:
 * future revenue falls away day by day, past revenue at once.
 */
export const lineReversals = sqliteTable(
  'line_reversals',
  {
    id: text('id').primaryKey(),
    lineId: text('line_id').notNull(),
    invoiceId: text('invoice_id').notNull(),
    cause: text('cause', { enum: ['credit_note', 'void', 'write_off', 'recovery'] }).notNull(),
    /** The credit note; for a void or a write-off the invoice, for a recovery the allocation of the payment. */
    sourceId: text('source_id').notNull(),
    position: integer('position').notNull(),
    productRef: text('product_ref').notNull(),
    description: text('description').notNull(),
    amount: minor('amount').notNull(),
    tax: minor('tax').notNull(),
    taxes: json<LineTax[]>('taxes').notNull(),
    /** The service that is not charged after all, half-open local dates. */
    serviceStart: text('service_start').notNull(),
    serviceEnd: text('service_end').notNull(),
    usageByMonth: json<Record<string, string>>('usage_by_month').notNull(),
    /** Revenue that was earned before this day is taken back on it. */
    bookedFrom: text('booked_from').notNull(),
  },
  (table) => [
    index('line_reversals_line').on(table.lineId),
    index('line_reversals_source').on(table.sourceId),
    index('line_reversals_invoice').on(table.invoiceId),
  ],
)
