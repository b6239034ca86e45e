import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, json, minor } from '../../storage/columns.schema.ts'
import type { Position } from './presentation.ts'

/** Amounts as texts of minor units. */
export type StoredPosition = {
  [Name in keyof Position]: Position[Name] extends bigint ? string : Position[Name]
}

/**
 * What each run of a close found of a contract, where that changed anything: its entries follow from this row and from
 * that of the run before. Append-only.
 */
export const presentedPositions = sqliteTable(
  'presented_positions',
  {
    /** The source of the entries. */
    sourceId: text('source_id').notNull(),
    /** `both`: the primary and the secondary book together, for an entity that reports under two frameworks. */
    books: text('books', { enum: ['primary', 'both'] }).notNull(),
    entityRef: text('entity_ref').notNull(),
    month: text('month').notNull(),
    currency: text('currency').notNull(),
    contractRef: text('contract_ref').notNull(),
    customerRef: text('customer_ref'),
    run: integer('run').notNull(),
    /** The number (SQLite's rowid) of the last journal entry that was counted. */
    through: integer('through').notNull(),
    net: minor('net').notNull(),
    accrued: minor('accrued').notNull(),
    notDue: minor('not_due').notNull(),
    unpaid: minor('unpaid').notNull(),
    isContract: integer('is_contract', { mode: 'boolean' }).notNull(),
    expectedBack: minor('expected_back').notNull(),
    /** What contracts before it hold that are accounted for as one with it. */
    beside: json<StoredPosition>('beside'),
    recordedAt: instant('recorded_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sourceId, table.books] }),
    index('presented_positions_month').on(table.entityRef, table.month),
  ],
)
