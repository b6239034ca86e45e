import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { instant, json, minor } from '../storage/columns.schema.ts'
import type { AccountRole } from './account.ts'
import type { PeriodStatus } from './accounting-period.ts'
import type { DimensionRules } from './dimension.ts'
import type { Book } from './journal-entry.ts'

/** Append-only; triggers refuse any change. */
export const journalEntries = sqliteTable(
  'journal_entries',
  {
    id: text('id').primaryKey(),
    book: text('book').$type<Book>().notNull().default('primary'),
    entityRef: text('entity_ref').notNull(),
    postingDate: text('posting_date').notNull(),
    /** The business event, and the thing it happened to: each is posted at most once. */
    event: text('event').notNull(),
    sourceId: text('source_id').notNull(),
    currency: text('currency').notNull(),
    description: text('description').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    /** The day of the event, where its month was closed and the entry stands in a later one. */
    belongsTo: text('belongs_to'),
    postedBy: text('posted_by'),
    /** The entry that this one takes back. */
    reverses: text('reverses'),
  },
  (table) => [
    // The book last: nearly all are of one, and a query that names it must not be read by it.
    uniqueIndex('journal_entries_source').on(table.event, table.sourceId, table.book),
    uniqueIndex('journal_entries_reverses').on(table.reverses),
    index('journal_entries_date').on(table.entityRef, table.postingDate),
    // The journal of all entities is listed by it.
    index('journal_entries_day').on(table.postingDate),
  ],
)

export const postings = sqliteTable(
  'postings',
  {
    entryId: text('entry_id').notNull(),
    lineNo: integer('line_no').notNull(),
    account: text('account').$type<AccountRole>().notNull(),
    /** Debit positive, credit negative. */
    amount: minor('amount').notNull(),
    customerRef: text('customer_ref'),
    contractRef: text('contract_ref'),
    invoiceId: text('invoice_id'),
    productRef: text('product_ref'),
    paymentId: text('payment_id'),
  },
  (table) => [
    primaryKey({ columns: [table.entryId, table.lineNo] }),
    // With the entry, so that what one entry has on an account is found without reading the whole account.
    index('postings_account').on(table.account, table.entryId),
    // What many postings have none of is left out, and costs nothing there.
    index('postings_contract').on(table.contractRef).where(sql`contract_ref IS NOT NULL`),
    index('postings_customer').on(table.customerRef).where(sql`customer_ref IS NOT NULL`),
    index('postings_invoice').on(table.invoiceId).where(sql`invoice_id IS NOT NULL`),
  ],
)

/** Months that were closed once; a trigger keeps entries out of the closed ones. A month without a row is open. */
export const accountingPeriods = sqliteTable(
  'accounting_periods',
  {
    entityRef: text('entity_ref').notNull(),
    month: text('month').notNull(),
    status: text('status').$type<PeriodStatus>().notNull(),
    reason: text('reason'),
    changedAt: instant('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (table) => [primaryKey({ columns: [table.entityRef, table.month] })],
)

/** What an entity's accounting system calls an account; a role without a row has its default name. */
export const accountNames = sqliteTable(
  'account_names',
  {
    entityRef: text('entity_ref').notNull(),
    role: text('role').$type<AccountRole>().notNull(),
    number: text('number'),
    name: text('name').notNull(),
    dimensions: json<DimensionRules>('dimensions').notNull(),
  },
  (table) => [primaryKey({ columns: [table.entityRef, table.role] })],
)
