import { index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { instant, minor } from '../../storage/columns.schema.ts'
import type { PayoutState } from './payout.ts'

/**
 * What moved on our balance at Stripe, by Stripe's id: facts, but for the payout that later took them. A movement of
 * several sellers does not exist; Stripe's own fees have no payment.
 */
export const processorTransactions = sqliteTable(
  'processor_transactions',
  {
    id: text('id').primaryKey(),
    entityRef: text('entity_ref').notNull(),
    paymentId: text('payment_id'),
    customerRef: text('customer_ref'),
    /** Stripe's type: `charge`, `refund`, `adjustment` … */
    type: text('type').notNull(),
    /** As the card was charged. */
    originCurrency: text('origin_currency').notNull(),
    originAmount: minor('origin_amount').notNull(),
    /** As Stripe settles it. */
    currency: text('currency').notNull(),
    amount: minor('amount').notNull(),
    /** What Stripe keeps, unless the entry of a dispute has it already; the net is `amount − fee`. */
    fee: minor('fee').notNull(),
    movedOn: text('moved_on').notNull(),
    /** The row of `payouts` that it left with. */
    payoutId: text('payout_id'),
    recordedAt: instant('recorded_at').notNull(),
  },
  (table) => [
    index('processor_transactions_payment').on(table.paymentId),
    index('processor_transactions_payout').on(table.payoutId),
  ],
)

/** Money that Stripe sent to the bank: one row for each seller whose money it is. Only the state moves on. */
export const payouts = sqliteTable(
  'payouts',
  {
    id: text('id').primaryKey(),
    processorRef: text('processor_ref').notNull(),
    entityRef: text('entity_ref').notNull(),
    currency: text('currency').notNull(),
    /** This seller's part: the net of its transactions, and of payouts that came back. */
    amount: minor('amount').notNull(),
    /** What arrives at the bank. */
    total: minor('total').notNull(),
    state: text('state').$type<PayoutState>().notNull(),
    arrivesOn: text('arrives_on').notNull(),
    /** What the bank statement will say, as far as Stripe tells. */
    descriptor: text('descriptor'),
    traceId: text('trace_id'),
    recordedAt: instant('recorded_at').notNull(),
    /** When we learned that it was paid, and that the bank had sent it back after that. */
    paidAt: instant('paid_at'),
    returnedAt: instant('returned_at'),
  },
  (table) => [
    uniqueIndex('payouts_processor').on(table.processorRef, table.entityRef),
    index('payouts_recorded').on(table.recordedAt),
    index('payouts_entity').on(table.entityRef, table.arrivesOn),
  ],
)
