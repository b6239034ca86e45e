import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, json } from '../storage/columns.schema.ts'
import type { OutboxMessage } from './outbox.ts'

/** Effects waiting to leave, written in the same batch as their cause. */
export const outbox = sqliteTable(
  'outbox',
  {
    /** Made from business identity, so that the same cause never asks twice. */
    id: text('id').primaryKey(),
    topic: text('topic').$type<OutboxMessage['topic']>().notNull(),
    payload: json<OutboxMessage['payload']>('payload').notNull(),
    state: text('state', { enum: ['waiting', 'done', 'parked'] }).notNull(),
    attempts: integer('attempts').notNull(),
    /** Not before this instant; moved on by back-off, and by a lease while a queue message for it is under way. */
    dueAt: instant('due_at').notNull(),
    /** When a queue message was sent for the coming attempt; null while none is under way. */
    dispatchedAt: instant('dispatched_at'),
    lastError: text('last_error'),
    createdAt: instant('created_at').notNull(),
    doneAt: instant('done_at'),
  },
  (table) => [index('outbox_due').on(table.state, table.dueAt)],
)

/** Queue messages that failed for good, kept for an operator. */
export const deadLetters = sqliteTable('dead_letters', {
  id: text('id').primaryKey(),
  body: json<unknown>('body').notNull(),
  receivedAt: instant('received_at').notNull(),
})
