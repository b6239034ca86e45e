import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, minor } from '../../storage/columns.schema.ts'

/** Files received, by the SHA-256 of their bytes; the file itself lies in R2. */
export const bankStatements = sqliteTable('bank_statements', {
  id: text('id').primaryKey(),
  format: text('format').notNull(),
  entityRef: text('entity_ref').notNull(),
  fileKey: text('file_key').notNull(),
  entryCount: integer('entry_count').notNull(),
  receivedAt: instant('received_at').notNull(),
})

/** Lines of statements by the bank's reference, or a fingerprint with its place among equals. */
export const bankEntries = sqliteTable(
  'bank_entries',
  {
    id: text('id').primaryKey(),
    statementId: text('statement_id').notNull(),
    /** The line of the statement; a batch has several entries. */
    bookingId: text('booking_id').notNull(),
    account: text('account').notNull(),
    bookedOn: text('booked_on').notNull(),
    /** Negative for money that went out. */
    amount: minor('amount').notNull(),
    currency: text('currency').notNull(),
    reference: text('reference').notNull(),
    payerName: text('payer_name'),
    payerAccount: text('payer_account'),
    /** Null for a line that is no incoming payment. */
    paymentId: text('payment_id'),
    /** Stripe's id of the payout that this line is the arrival of. */
    payoutRef: text('payout_ref'),
  },
  (table) => [
    index('bank_entries_statement').on(table.statementId),
    index('bank_entries_booking').on(table.bookingId),
    index('bank_entries_payout').on(table.payoutRef),
  ],
)
