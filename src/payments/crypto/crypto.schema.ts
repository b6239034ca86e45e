import { isNull } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { instant, minor } from '../../storage/columns.schema.ts'
import type { TransferState } from './transfer.ts'

/** One address for one invoice, for ever. */
export const depositAddresses = sqliteTable(
  'deposit_addresses',
  {
    invoiceId: text('invoice_id').primaryKey(),
    walletId: text('wallet_id').notNull(),
    /** The counter of indexes belongs to the key: a wallet that changes its key starts again at 0. */
    xpub: text('xpub').notNull(),
    derivationIndex: integer('derivation_index').notNull(),
    /** Lower case. */
    address: text('address').notNull().unique(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [uniqueIndex('deposit_addresses_index').on(table.xpub, table.derivationIndex)],
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
    /** Derived from chain, transaction and ordinal. */
    id: text('id').primaryKey(),
    chainId: integer('chain_id').notNull(),
    txHash: text('tx_hash').notNull(),
    ordinal: integer('ordinal').notNull(),
    invoiceId: text('invoice_id').notNull(),
    /** The token as the entity's wallet listed it when the transfer was seen. */
    token: text('token').notNull(),
    symbol: text('symbol').notNull(),
    decimals: integer('decimals').notNull(),
    currency: text('currency').notNull(),
    sender: text('sender').notNull(),
    recipient: text('recipient').notNull(),
    /** Base units of the token, a decimal string: they can exceed 2^53. */
    units: text('units').notNull(),
    blockNumber: integer('block_number').notNull(),
    blockHash: text('block_hash').notNull(),
    state: text('state').$type<TransferState>().notNull(),
    paymentId: text('payment_id'),
    seenAt: instant('seen_at').notNull(),
  },
  (table) => [
    uniqueIndex('chain_transfers_place').on(table.chainId, table.txHash, table.ordinal),
    index('chain_transfers_invoice').on(table.invoiceId),
    index('chain_transfers_state').on(table.chainId, table.state),
  ],
)

/** The tokens of each payment that was booked, and what they were worth on the day they came, once a rate tells. */
export const tokenReceipts = sqliteTable(
  'token_receipts',
  {
    paymentId: text('payment_id').primaryKey(),
    /** The symbol, in capitals. */
    token: text('token').notNull(),
    currency: text('currency').notNull(),
    receivedOn: text('received_on').notNull(),
    /** At par, as the payment has it. */
    amount: minor('amount').notNull(),
    /** Units of the currency for one token. */
    rate: text('rate'),
    /** The part of `amount` that was still there when the rate was known; the rest had left at par. */
    valued: minor('valued'),
    /** What that part is carried at. */
    fairValue: minor('fair_value'),
    valuedAt: instant('valued_at'),
  },
  (table) => [
    index('token_receipts_at_par')
      .on(table.receivedOn, table.token, table.currency)
      .where(isNull(table.fairValue)),
  ],
)
