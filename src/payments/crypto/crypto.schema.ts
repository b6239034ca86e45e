import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { instant } from '../../kernel/columns.schema.ts'

/** One address for one invoice, for ever. */
export const depositAddresses = sqliteTable(
  'deposit_addresses',
  {
    invoiceId: text('invoice_id').primaryKey(),
    walletId: text('wallet_id').notNull(),
    derivationIndex: integer('derivation_index').notNull(),
    /** Lower case. */
    address: text('address').notNull().unique(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [uniqueIndex('deposit_addresses_index').on(table.walletId, table.derivationIndex)],
)

/** How far each chain has been read: everything up to and including `finalizedBlock` is settled. */
export const chainCursors = sqliteTable('chain_cursors', {
  chainId: integer('chain_id').primaryKey(),
  finalizedBlock: integer('finalized_block').notNull(),
  latestBlock: integer('latest_block').notNull(),
  readAt: instant('read_at').notNull(),
})

/** Token transfers to deposit addresses. `ordinal` counts those of one transaction, so a moved block changes nothing. */
export const chainTransfers = sqliteTable(
  'chain_transfers',
  {
    chainId: integer('chain_id').notNull(),
    txHash: text('tx_hash').notNull(),
    ordinal: integer('ordinal').notNull(),
    invoiceId: text('invoice_id').notNull(),
    token: text('token').notNull(),
    sender: text('sender').notNull(),
    recipient: text('recipient').notNull(),
    /** Whole token units, a decimal string. */
    units: text('units').notNull(),
    blockNumber: integer('block_number').notNull(),
    blockHash: text('block_hash').notNull(),
    state: text('state', { enum: ['seen', 'final', 'orphaned'] }).notNull(),
    paymentId: text('payment_id'),
    seenAt: instant('seen_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.chainId, table.txHash, table.ordinal] }),
    index('chain_transfers_invoice').on(table.invoiceId),
    index('chain_transfers_state').on(table.chainId, table.state),
  ],
)
