import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { json, minor } from '../storage/columns.schema.ts'

/**
 * What credit pays of each line, where that changes the price of the line: credit was sold below its face, or is paid for
 * and lowers what is taxed. What goes back to the credit is below zero. Each row is recognised like its line.
 */
export const creditParts = sqliteTable(
  'credit_parts',
  {
    id: text('id').primaryKey(),
    /** The use of the credit, or its return. */
    movementId: text('movement_id').notNull(),
    grantRef: text('grant_ref').notNull(),
    invoiceId: text('invoice_id').notNull(),
    contractRef: text('contract_ref').notNull(),
    lineId: text('line_id').notNull(),
    productRef: text('product_ref').notNull(),
    /** The face value that it pays. */
    paid: minor('paid').notNull(),
    /** By how much the price of the line differs from its net amount. */
    amount: minor('amount').notNull(),
    /** The service that it pays for, half-open local dates. */
    serviceStart: text('service_start').notNull(),
    serviceEnd: text('service_end').notNull(),
    usageByMonth: json<Record<string, string>>('usage_by_month').notNull(),
    /** The day on which the credit was given back: nothing is booked before. Null for its use. */
    bookedFrom: text('booked_from'),
  },
  (table) => [
    index('credit_parts_invoice').on(table.invoiceId),
    index('credit_parts_movement').on(table.movementId),
    index('credit_parts_contract').on(table.contractRef),
  ],
)
