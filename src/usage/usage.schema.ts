import { sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, json } from '../storage/columns.schema.ts'
import type { FormatFields } from './event-format.ts'

/** How events that come in another form are read. */
export const usageFormats = sqliteTable('usage_formats', {
  name: text('name').primaryKey(),
  fields: json<FormatFields>('fields').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
})

/** Contracts that got usage when the invoice of its cycle was due already, and the latest day (in UTC) on which they did. */
export const lateUsage = sqliteTable('late_usage', {
  contractRef: text('contract_ref').primaryKey(),
  receivedOn: text('received_on').notNull(),
})
