import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, minor } from '../../storage/columns.schema.ts'

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

/**
 * Credit that accruals of a contract count on, until its next boundary is closed: the contracts of a customer after it, in
 * the order of their refs, cannot use it.
 */
export const accruedCredit = sqliteTable(
  'accrued_credit',
  {
    contractRef: text('contract_ref').notNull(),
    grantRef: text('grant_ref').notNull(),
    customerRef: text('customer_ref').notNull(),
    amount: minor('amount').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.contractRef, table.grantRef] }),
    index('accrued_credit_customer').on(table.customerRef),
  ],
)
