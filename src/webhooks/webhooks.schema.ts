import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, json } from '../storage/columns.schema.ts'
import type { AnnouncedType, EventType } from './event-type.ts'
import type { SecretSeed } from './secret.ts'
import type { PauseReason } from './webhook.ts'

/** Addresses of others' software that are told what happens. */
export const webhooks = sqliteTable('webhooks', {
  ref: text('ref').primaryKey(),
  url: text('url').notNull(),
  /** Null: of all types, also those that come later. */
  events: json<AnnouncedType[]>('events'),
  description: text('description'),
  state: text('state', { enum: ['active', 'paused'] }).notNull(),
  /** Null while it is active. */
  pausedBy: text('paused_by').$type<PauseReason>(),
  /** What its secrets are made from, together with the Worker's own; the newest first. */
  seeds: json<SecretSeed[]>('seeds').notNull(),
  /** Since when no attempt has succeeded; null while all is well. */
  failingSince: instant('failing_since'),
  /** Until then nothing is tried: it did not answer, and others are not to wait for its time-outs. */
  restsUntil: instant('rests_until'),
  createdAt: instant('created_at').notNull(),
})

/**
 * What has happened and was not announced yet. Triggers write a row in the batch of its cause while there is a webhook;
 * the announcement takes it away.
 */
export const unannouncedEvents = sqliteTable(
  'unannounced_events',
  {
    type: text('type').$type<AnnouncedType>().notNull(),
    /** With the type the identity of what happened, so that its cause, repeated, tells nothing anew. */
    sourceId: text('source_id').notNull(),
    /** The thing that it happened to. */
    subjectId: text('subject_id').notNull(),
    /** Null where the cause does not say; then it is when it is announced. */
    at: instant('at'),
  },
  (table) => [
    primaryKey({ columns: [table.type, table.sourceId] }),
    index('unannounced_events_subject').on(table.subjectId),
  ],
)

/** Messages as they are sent: every attempt at one has the same id and the same text. */
export const webhookEvents = sqliteTable(
  'webhook_events',
  {
    id: text('id').primaryKey(),
    type: text('type').$type<EventType>().notNull(),
    body: text('body').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('webhook_events_age').on(table.createdAt)],
)

/** A message on its way to one webhook. Its outbox row, which has the same id, says when it is tried next. */
export const webhookDeliveries = sqliteTable(
  'webhook_deliveries',
  {
    id: text('id').primaryKey(),
    webhookRef: text('webhook_ref').notNull(),
    eventId: text('event_id').notNull(),
    state: text('state', { enum: ['waiting', 'delivered', 'failed'] }).notNull(),
    /** Of the running round: a delivery that is sent again by hand begins anew. */
    attempts: integer('attempts').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    index('webhook_deliveries_webhook').on(table.webhookRef),
    index('webhook_deliveries_waiting').on(table.webhookRef).where(sql`state = 'waiting'`),
    index('webhook_deliveries_age').on(table.createdAt),
  ],
)

/** What came of each attempt. */
export const webhookAttempts = sqliteTable(
  'webhook_attempts',
  {
    deliveryId: text('delivery_id').notNull(),
    at: instant('at').notNull(),
    /** Null: no answer came. */
    status: integer('status'),
    latencyMs: integer('latency_ms').notNull(),
    /** The beginning of the answer, or why there is none. */
    answer: text('answer').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deliveryId, table.at] }),
    index('webhook_attempts_age').on(table.at),
  ],
)

/** Up to which due date a seller's overdue invoices were told of. */
export const overdueTold = sqliteTable('overdue_told', {
  entityRef: text('entity_ref').primaryKey(),
  /** Invoices that were due before this day are told. */
  dueBefore: text('due_before').notNull(),
})
