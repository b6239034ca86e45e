import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant } from '../../storage/columns.schema.ts'

/** How far the latest accrual of each legal entity has come: one row, since each month takes up what the last one left. */
export const accrualPasses = sqliteTable('accrual_passes', {
  entityRef: text('entity_ref').primaryKey(),
  /** The month up to whose end it accrues. */
  month: text('month').notNull(),
  /** The last contract that was looked at, in the order of their refs. */
  throughRef: text('through_ref').notNull(),
  /** True while somebody who closes the month asks for it. */
  isAwaited: integer('is_awaited', { mode: 'boolean' }).notNull(),
  /** Null while there are contracts left. */
  doneAt: instant('done_at'),
})
