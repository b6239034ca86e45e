import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { instant, json, minor } from '../storage/columns.schema.ts'
import type { MatchRule } from './match.ts'
import type { Payer, Rail } from './payment.ts'

/** Money that arrived: a fact, never changed. */
export const payments = sqliteTable(
  'payments',
  {
    id: text('id').primaryKey(),
    rail: text('rail').$type<Rail>().notNull(),
    /** The rail's own identity of this money; whoever reports it again meets the same row. */
    externalKey: text('external_key').notNull(),
    entityRef: text('entity_ref').notNull(),
    customerRef: text('customer_ref'),
    currency: text('currency').notNull(),
    amount: minor('amount').notNull(),
    receivedOn: text('received_on').notNull(),
    payer: json<Payer>('payer').notNull(),
    reference: text('reference').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (table) => [
    uniqueIndex('payments_external').on(table.rail, table.externalKey),
    index('payments_recorded').on(table.recordedAt),
    index('payments_received').on(table.receivedOn),
    index('payments_customer').on(table.customerRef),
    index('payments_payer').on(sql`"payer" ->> '$.account'`),
  ],
)

/** The payments of which some waits for a decision, by SQLite's rowid. Triggers keep it with all that uses a payment. */
export const unappliedPlaces = sqliteTable('unapplied_payments', { place: integer('place').primaryKey() })

/** How each payment was matched, in words; also for one that no invoice took. */
export const matches = sqliteTable('matches', {
  paymentId: text('payment_id').primaryKey(),
  rule: text('rule').$type<MatchRule>().notNull(),
  explanation: text('explanation').notNull(),
  actor: text('actor').notNull(),
  decidedAt: instant('decided_at').notNull(),
})
