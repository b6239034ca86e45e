import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, json } from '../storage/columns.schema.ts'
import { CONTRACT_STATUSES, type ContractTerms } from './contract.ts'

export const contracts = sqliteTable(
  'contracts',
  {
    ref: text('ref').primaryKey(),
    number: text('number').notNull().unique(),
    customerRef: text('customer_ref').notNull(),
    entityRef: text('entity_ref').notNull(),
    status: text('status', { enum: CONTRACT_STATUSES }).notNull(),
    version: integer('version').notNull(),
    signedVersion: integer('signed_version'),
    terms: json<ContractTerms>('terms').notNull(),
    nextCycle: integer('next_cycle').notNull(),
    nextCloseAt: instant('next_close_at'),
    renewsAt: instant('renews_at'),
    billsChangeAt: instant('bills_change_at'),
    claimToken: text('claim_token'),
    claimedUntil: instant('claimed_until'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    index('contracts_due').on(table.nextCloseAt),
    index('contracts_changed').on(table.billsChangeAt).where(sql`bills_change_at IS NOT NULL`),
    index('contracts_renewal').on(table.renewsAt),
    index('contracts_claim').on(table.claimToken),
    index('contracts_customer').on(table.customerRef),
    // Those of one seller that have an invoice to come, in the order in which they are gone through.
    index('contracts_billed_by').on(table.entityRef, table.ref).where(sql`next_close_at IS NOT NULL`),
  ],
)

/** Every version of every contract, for ever. */
export const contractVersions = sqliteTable(
  'contract_versions',
  {
    contractRef: text('contract_ref').notNull(),
    version: integer('version').notNull(),
    effectiveDate: text('effective_date').notNull(),
    /** The boundary that the effective date is; a trigger refuses one whose invoice has been made already. */
    fromBoundary: integer('from_boundary').notNull(),
    terms: json<ContractTerms>('terms').notNull(),
    reason: text('reason'),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.contractRef, table.version] })],
)

/** Files of what was agreed; the archive keeps their content under the id. */
export const contractAttachments = sqliteTable(
  'contract_attachments',
  {
    id: text('id').primaryKey(),
    contractRef: text('contract_ref').notNull(),
    name: text('name').notNull(),
    contentType: text('content_type').notNull(),
    size: integer('size').notNull(),
    sha256: text('sha256').notNull(),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('contract_attachments_contract').on(table.contractRef)],
)
