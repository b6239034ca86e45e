import { integer, sqliteTable } from 'drizzle-orm/sqlite-core'

/** The sandbox's clock: how far it is ahead of real time, or behind. Has no row in production. */
export const sandboxClock = sqliteTable('sandbox_clock', {
  id: integer('id').primaryKey(),
  offsetMs: integer('offset_ms').notNull(),
})
