import { index, integer, primaryKey, sqliteTable, sqliteView, text } from 'drizzle-orm/sqlite-core'
import { instant, json, minor } from '../../storage/columns.schema.ts'
import type { AccountRole } from '../account.ts'
import type { Book } from '../journal-entry.ts'

/** What a source published: one unit of `base` is worth `rate` units of `quote`. Append-only. */
export const fxRates = sqliteTable(
  'fx_rates',
  {
    source: text('source').notNull(),
    date: text('date').notNull(),
    base: text('base').notNull(),
    quote: text('quote').notNull(),
    /** A decimal above zero, exact. */
    rate: text('rate').notNull(),
    importedAt: instant('imported_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.date, table.base, table.quote] })],
)

/** When a source was asked for its rates, and what went wrong then. */
export const fxFetches = sqliteTable('fx_fetches', {
  source: text('source').primaryKey(),
  askedAt: instant('asked_at').notNull(),
  failure: text('failure'),
})

/** Entries that wait for their functional amounts, in the order they were posted; a trigger fills it. */
export const unmeasuredEntries = sqliteTable(
  'unmeasured_entries',
  {
    entryId: text('entry_id').primaryKey(),
    book: text('book').$type<Book>().notNull(),
    entityRef: text('entity_ref').notNull(),
    currency: text('currency').notNull(),
  },
  (table) => [index('unmeasured_entries_books').on(table.entityRef, table.currency, table.book)],
)

/** An entry whose functional amounts are complete. Append-only; a trigger holds its lines to their balance. */
export const measurements = sqliteTable(
  'measurements',
  {
    entryId: text('entry_id').primaryKey(),
    /** The functional currency. */
    currency: text('currency').notNull(),
    /** The rate of the lines that were not carried over from earlier ones, to 12 places: for people. */
    rate: text('rate'),
    rateDate: text('rate_date'),
    rateSource: text('rate_source'),
    measuredAt: instant('measured_at').notNull(),
  },
  (table) => [index('measurements_source').on(table.rateSource)],
)

/** The lines of an entry in the functional currency; one without a transaction amount is an exchange difference. */
export const functionalAmounts = sqliteTable(
  'functional_amounts',
  {
    entryId: text('entry_id').notNull(),
    /** That of the posting; exchange differences stand behind the last one. */
    lineNo: integer('line_no').notNull(),
    account: text('account').$type<AccountRole>().notNull(),
    /** The open item that the line moves, where its account keeps any. */
    item: text('item'),
    /** The day of the event, under which it does; null where an item is only shown elsewhere for a moment. */
    day: text('day'),
    amount: minor('amount').notNull(),
    functionalAmount: minor('functional_amount').notNull(),
    customerRef: text('customer_ref'),
    contractRef: text('contract_ref'),
    invoiceId: text('invoice_id'),
  },
  (table) => [
    primaryKey({ columns: [table.entryId, table.lineNo] }),
    index('functional_amounts_item').on(table.item, table.day, table.amount, table.functionalAmount),
  ],
)

/** Contracts whose positions are one from an entry on, in the order in which they became it. Append-only. */
export const positionGroups = sqliteTable(
  'position_groups',
  {
    /** The statement by which they did. */
    sourceId: text('source_id').notNull(),
    entityRef: text('entity_ref').notNull(),
    customerRef: text('customer_ref').notNull(),
    currency: text('currency').notNull(),
    contractRef: text('contract_ref').notNull(),
    /** The first of the contracts that it is one with. */
    groupRef: text('group_ref').notNull(),
    /** The day of the statement. */
    day: text('day').notNull(),
    /** Those in which an entry says so: none where they are kept in the currency of the contract. */
    books: json<Book[]>('books').notNull(),
    /** The number (SQLite's rowid) of the last journal entry that did not find it so. */
    since: integer('since').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sourceId, table.contractRef] }),
    index('position_groups_contract').on(table.contractRef),
    index('position_groups_group').on(table.groupRef),
    index('position_groups_entity').on(table.entityRef),
  ],
)

/** The lines of the journal in the functional currency; those of entries that wait for a rate are not among them. */
export const functionalPostings = sqliteView('functional_postings', {
  entryId: text('entry_id').notNull(),
  lineNo: integer('line_no').notNull(),
  account: text('account').$type<AccountRole>().notNull(),
  amount: minor('amount').notNull(),
  currency: text('currency').notNull(),
  customerRef: text('customer_ref'),
  contractRef: text('contract_ref'),
  invoiceId: text('invoice_id'),
  productRef: text('product_ref'),
  paymentId: text('payment_id'),
}).existing()
