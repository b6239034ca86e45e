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
