import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, json, minor } from '../storage/columns.schema.ts'
import { GRANT_KINDS, GRANT_SOURCES, MONEY_ACCOUNTS, OVERAGES, type Recurrence } from './grant.ts'
import { MOVEMENT_KINDS, SETTLEMENTS } from './movement.ts'

/** Credit as it was granted. Nothing of it ever changes but when it needs looking at. */
export const creditGrants = sqliteTable(
  'credit_grants',
  {
    ref: text('ref').primaryKey(),
    customerRef: text('customer_ref').notNull(),
    entityRef: text('entity_ref').notNull(),
    timezone: text('timezone').notNull(),
    currency: text('currency').notNull(),
    name: text('name').notNull(),
    kind: text('kind', { enum: GRANT_KINDS }).notNull(),
    amount: minor('amount').notNull(),
    costBasis: minor('cost_basis').notNull(),
    moneyAccount: text('money_account', { enum: MONEY_ACCOUNTS }),
    beforeTax: integer('before_tax', { mode: 'boolean' }).notNull(),
    priority: integer('priority').notNull(),
    effectiveAt: instant('effective_at').notNull(),
    expiresAt: instant('expires_at'),
    billedWithinDays: integer('billed_within_days').notNull(),
    contractRefs: json<string[]>('contract_refs'),
    productRefs: json<string[]>('product_refs'),
    overage: text('overage', { enum: OVERAGES }).notNull(),
    expectedUse: minor('expected_use'),
    recurrence: json<Recurrence>('recurrence'),
    source: text('source', { enum: GRANT_SOURCES }).notNull(),
    sourceId: text('source_id').notNull(),
    invoiceId: text('invoice_id'),
    onPayment: integer('on_payment', { mode: 'boolean' }).notNull(),
    occurrence: integer('occurrence').notNull(),
    createdAt: instant('created_at').notNull(),
    /** When time next does something to it: its series goes on, or its leftover lapses. Null when nothing will. */
    dueAt: instant('due_at'),
  },
  (table) => [
    index('credit_grants_customer').on(table.customerRef, table.currency),
    index('credit_grants_due').on(table.dueAt),
    index('credit_grants_invoice').on(table.invoiceId),
  ],
)

/** Append-only. Two who plan on the same balance write the same number, and only one of them can. */
export const creditMovements = sqliteTable(
  'credit_movements',
  {
    grantRef: text('grant_ref').notNull(),
    sequence: integer('sequence').notNull(),
    id: text('id').notNull().unique(),
    kind: text('kind', { enum: MOVEMENT_KINDS }).notNull(),
    amount: minor('amount').notNull(),
    released: minor('released').notNull(),
    invoiceId: text('invoice_id'),
    settlement: text('settlement', { enum: SETTLEMENTS }),
    reason: text('reason'),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.grantRef, table.sequence] }),
    index('credit_movements_invoice').on(table.invoiceId),
  ],
)
