import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, minor } from '../storage/columns.schema.ts'

/**
 * The decision to apply part of a payment to an invoice. Payments make these; they are kept here because what an
 * invoice still owes is a question about the invoice.
 */
export const allocations = sqliteTable(
  'allocations',
  {
    id: text('id').primaryKey(),
    paymentId: text('payment_id').notNull(),
    invoiceId: text('invoice_id').notNull(),
    amount: minor('amount').notNull(),
    /** The rule of the matching ladder that decided, and why in words. */
    rule: text('rule').notNull(),
    explanation: text('explanation').notNull(),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    index('allocations_payment').on(table.paymentId),
    index('allocations_invoice').on(table.invoiceId),
  ],
)
