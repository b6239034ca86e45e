import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, minor } from '../../storage/columns.schema.ts'

/**
 * Money of a payment that became the customer's credit: an overpayment, or what a credit note released. The record of
 * what was given; what is left of it is the balance of the grant that was made with it.
 */
export const customerCredits = sqliteTable(
  'customer_credits',
  {
    id: text('id').primaryKey(),
    /** The payment whose money it is. */
    paymentId: text('payment_id').notNull(),
    customerRef: text('customer_ref').notNull(),
    entityRef: text('entity_ref').notNull(),
    currency: text('currency').notNull(),
    amount: minor('amount').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    index('customer_credits_payment').on(table.paymentId),
    index('customer_credits_customer').on(table.customerRef),
  ],
)
