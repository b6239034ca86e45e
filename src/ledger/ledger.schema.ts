import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { instant, minor } from '../storage/columns.schema.ts'
import type { AccountRole } from './account.ts'

/** Append-only; triggers refuse any change. */
export const journalEntries = sqliteTable(
  'journal_entries',
  {
    id: text('id').primaryKey(),
    entityRef: text('entity_ref').notNull(),
    postingDate: text('posting_date').notNull(),
    /** The business event, and the thing it happened to: each is posted at most once. */
    event: text('event').notNull(),
    sourceId: text('source_id').notNull(),
    currency: text('currency').notNull(),
    description: text('description').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (table) => [
    uniqueIndex('journal_entries_source').on(table.event, table.sourceId),
    index('journal_entries_date').on(table.entityRef, table.postingDate),
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
  },
  (table) => [
    primaryKey({ columns: [table.entryId, table.lineNo] }),
    index('postings_account').on(table.account),
    index('postings_contract').on(table.contractRef),
  ],
)
