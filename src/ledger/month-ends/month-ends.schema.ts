import { index, integer, primaryKey, sqliteTable, sqliteView, text } from 'drizzle-orm/sqlite-core'
import { instant, minor } from '../../storage/columns.schema.ts'
import type { AccountRole } from '../account.ts'
import type { Book } from '../journal-entry.ts'

/**
 * The ends of months that balances were counted for. What is counted follows from the entries alone, and never changes:
 * entries keep their numbers, and are never deleted.
 */
export const monthEnds = sqliteTable(
  'month_ends',
  {
    entityRef: text('entity_ref').notNull(),
    /** The last day of a month. */
    day: text('day').notNull(),
    /** The numbers (SQLite's rowid) of the last journal entry and the last functional amount that were counted. */
    through: integer('through').notNull(),
    measuredThrough: integer('measured_through').notNull(),
    /** The earliest posting date of the entries that this month end was the first to count; null where there were none. */
    earliest: text('earliest'),
    countedAt: instant('counted_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.entityRef, table.day] })],
)

/** What an account is told apart by at the end of a month; null for all others than those of `APART`. */
const dimensions = {
  entityRef: text('entity_ref').notNull(),
  book: text('book').$type<Book>().notNull(),
  currency: text('currency').notNull(),
  account: text('account').$type<AccountRole>().notNull(),
  customerRef: text('customer_ref'),
  contractRef: text('contract_ref'),
  invoiceId: text('invoice_id'),
}

const bookedColumns = {
  ...dimensions,
  productRef: text('product_ref'),
  paymentId: text('payment_id'),
  /** True for what shows positions on the accounts of the balance sheet. */
  isPresented: integer('is_presented', { mode: 'boolean' }).notNull(),
  amount: minor('amount').notNull(),
}

/** What each account holds at the end of a month, and a row of nothing for the account itself. */
export const monthEndBalances = sqliteTable(
  'month_end_balances',
  { day: text('day').notNull(), ...bookedColumns },
  (table) => [index('month_end_balances_day').on(table.entityRef, table.day, table.account)],
)

const functionalColumns = {
  ...dimensions,
  /** In the currency of the entries. */
  amount: minor('amount').notNull(),
  /** In the functional currency: at the rates that entries were measured with, and what closing rates have changed. */
  carried: minor('carried').notNull(),
  remeasured: minor('remeasured').notNull(),
}

/** The same of balances in other currencies than the functional one. */
export const monthEndFunctional = sqliteTable(
  'month_end_functional',
  { day: text('day').notNull(), ...functionalColumns },
  (table) => [index('month_end_functional_day').on(table.entityRef, table.day, table.account)],
)

/** The columns of `bookedUpTo` and `functionalUpTo`, which stand in the place of these tables. */
export const booked = sqliteView('booked', bookedColumns).existing()
export const functionalBooked = sqliteView('functional_booked', functionalColumns).existing()
