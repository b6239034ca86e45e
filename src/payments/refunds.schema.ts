import { index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { instant, minor } from '../storage/columns.schema.ts'
import type { RefundKind, RefundState } from './refund.ts'

/** Money of a payment that left again. Only the state of a card refund ever changes, and never after it is final. */
export const refunds = sqliteTable(
  'refunds',
  {
    id: text('id').primaryKey(),
    paymentId: text('payment_id').notNull(),
    kind: text('kind').$type<RefundKind>().notNull(),
    currency: text('currency').notNull(),
    amount: minor('amount').notNull(),
    /** The part that was unapplied; the rest was the customer's credit. */
    fromUnapplied: minor('from_unapplied').notNull(),
    /** What the bank or the network took for it, besides the amount. */
    fee: minor('fee').notNull(),
    /** What its tokens were carried at, where they were valued; null: at par. */
    carried: minor('carried'),
    state: text('state').$type<RefundState>().notNull(),
    /** Stripe's id of a card refund, once it is known. */
    processorRef: text('processor_ref'),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    paidOn: text('paid_on').notNull(),
    createdAt: instant('created_at').notNull(),
    /** When the processor carried it out, or failed to. */
    endedAt: instant('ended_at'),
  },
  (table) => [
    index('refunds_payment').on(table.paymentId),
    uniqueIndex('refunds_processor').on(table.processorRef),
  ],
)
