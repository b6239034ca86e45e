import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, minor } from '../../storage/columns.schema.ts'
import type { DisputeState } from './dispute.ts'

/** Card payments that their holders disputed, by Stripe's id. Only the state moves on, and never back from its end. */
export const disputes = sqliteTable(
  'disputes',
  {
    id: text('id').primaryKey(),
    paymentId: text('payment_id').notNull(),
    currency: text('currency').notNull(),
    amount: minor('amount').notNull(),
    /** What Stripe charges for it. */
    fee: minor('fee').notNull(),
    /** What of a loss is unused credit that was taken back. */
    creditTaken: minor('credit_taken').notNull(),
    reason: text('reason').notNull(),
    state: text('state').$type<DisputeState>().notNull(),
    openedAt: instant('opened_at').notNull(),
    closedAt: instant('closed_at'),
  },
  (table) => [index('disputes_payment').on(table.paymentId)],
)
