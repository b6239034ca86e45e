import { sql } from 'drizzle-orm'
import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, json, minor } from '../storage/columns.schema.ts'
import type { TaxLine } from './invoice.ts'
import type { SettlementKind } from './settlement.ts'

/**
 * Everything that settles an invoice, so that what it still owes is its total less these: payments, a customer's
 * credit, credit notes, write-offs. A row is never changed; a negative one takes back what an earlier one settled.
 */
export const allocations = sqliteTable(
  'allocations',
  {
    id: text('id').primaryKey(),
    kind: text('kind').$type<SettlementKind>().notNull(),
    /** What settles: the payment, the grant of credit or the credit note. A write-off names the invoice alone. */
    paymentId: text('payment_id'),
    grantId: text('grant_id'),
    creditNoteId: text('credit_note_id'),
    invoiceId: text('invoice_id').notNull(),
    amount: minor('amount').notNull(),
    /** The allocation that a negative row takes back, all of it or a part. */
    reverses: text('reverses'),
    /** The rule of the matching ladder that decided, and why in words. */
    rule: text('rule').notNull(),
    explanation: text('explanation').notNull(),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
    /** The taxes that a write-off with tax relief gets back, as the invoice names them. */
    taxes: json<TaxLine[]>('taxes'),
  },
  (table) => [
    index('allocations_payment').on(table.paymentId),
    index('allocations_invoice').on(table.invoiceId),
    index('allocations_reverses').on(table.reverses),
    // Few are: the invoices that nobody will pay are found by it.
    index('allocations_given_up').on(table.invoiceId).where(sql`kind IN ('write_off', 'void')`),
  ],
)
