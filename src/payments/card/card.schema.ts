import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, minor } from '../../storage/columns.schema.ts'

/** Stripe's events by their id: the same event twice is the same row. */
export const stripeEvents = sqliteTable('stripe_events', {
  id: text('id').primaryKey(),
  type: text('type').notNull(),
  objectId: text('object_id').notNull(),
  receivedAt: instant('received_at').notNull(),
})

/** Checkout sessions opened for an invoice. */
export const checkoutSessions = sqliteTable(
  'checkout_sessions',
  {
    id: text('id').primaryKey(),
    invoiceId: text('invoice_id').notNull(),
    url: text('url').notNull(),
    amount: minor('amount').notNull(),
    /** The state last heard of; Stripe is asked before anything depends on it. */
    state: text('state', { enum: ['open', 'complete', 'expired'] }).notNull(),
    expiresAt: instant('expires_at').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('checkout_sessions_invoice').on(table.invoiceId)],
)

/** Attempts to charge a saved card, numbered within the invoice. */
export const cardAttempts = sqliteTable(
  'card_attempts',
  {
    invoiceId: text('invoice_id').notNull(),
    attemptNo: integer('attempt_no').notNull(),
    /** What was open when the attempt began. */
    amount: minor('amount').notNull(),
    paymentIntentId: text('payment_intent_id'),
    /** `canceled`: another payment came first, so the card was never asked. */
    outcome: text('outcome', {
      enum: ['pending', 'succeeded', 'declined', 'needs_customer', 'canceled'],
    }).notNull(),
    declineCode: text('decline_code'),
    attemptedAt: instant('attempted_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.invoiceId, table.attemptNo] }),
    index('card_attempts_intent').on(table.paymentIntentId),
  ],
)
