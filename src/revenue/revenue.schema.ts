import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { RecognitionMethod } from '../catalog/product.ts'
import type { Book } from '../ledger/journal-entry.ts'
import { instant, json, minor } from '../storage/columns.schema.ts'
import type { Basis, PinnedProduct } from './accounting/coverage.ts'
import type { FactBody } from './accounting/facts.ts'
import type { SspBundle, SspEntry } from './accounting/ssp-book.ts'
import type { Portion } from './recognition/line.ts'

/**
 * Invoice lines that have no revenue schedule yet. A trigger on the lines puts them here, so that none can be forgotten
 * and the run need not search through all lines ever billed.
 */
export const unscheduledLines = sqliteTable('unscheduled_lines', {
  lineId: text('line_id').primaryKey(),
})

/**
 * When an amount becomes revenue: one schedule for each invoice line, or for each obligation of a contract that is
 * accounted for as a whole; the lines of such a contract's fees have none. What is earned before its invoice is there has
 * one for each product and boundary: an accrual.
 */
export const revenueSchedules = sqliteTable(
  'revenue_schedules',
  {
    /** The invoice line, the obligation or the accrual. */
    lineId: text('line_id').primaryKey(),
    /** Null for an obligation and an accrual. */
    invoiceId: text('invoice_id'),
    /**
     * Of an accrual: `open` until its boundary is closed, `billed` until it is taken back for the lines of the invoice,
     * `settled` after that. Null for all else.
     */
    accrual: text('accrual', { enum: ['open', 'billed', 'settled'] }),
    /** What an accrual is for: `commitment` is what its window is short of. Null for all else. */
    accruedFor: text('accrued_for', { enum: ['service', 'commitment'] }),
    /** The boundary of the contract at which what is accrued is billed. */
    boundary: integer('boundary'),
    /** The day on which an obligation was agreed, or something accrued for the first time. */
    bookedOn: text('booked_on'),
    /** `secondary`: by how much the other framework differs, for an entity that reports under both. */
    book: text('book').$type<Book>().notNull(),
    entityRef: text('entity_ref').notNull(),
    customerRef: text('customer_ref').notNull(),
    contractRef: text('contract_ref').notNull(),
    productRef: text('product_ref').notNull(),
    currency: text('currency').notNull(),
    method: text('method').$type<RecognitionMethod>().notNull(),
    amount: minor('amount').notNull(),
    serviceStart: text('service_start').notNull(),
    serviceEnd: text('service_end').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    index('revenue_schedules_contract').on(table.contractRef),
    index('revenue_schedules_invoice').on(table.invoiceId),
    index('revenue_schedules_accruals').on(table.accrual, table.contractRef).where(sql`accrual IS NOT NULL`),
  ],
)

/** The portions of each schedule, one for each posting date: planned, and posted when its journal entry exists. */
export const revenueScheduleEntries = sqliteTable(
  'revenue_schedule_entries',
  {
    /** `<line id>:<posting date>`, of an obligation with its place among those of the day; the journal entry's source. */
    id: text('id').primaryKey(),
    lineId: text('line_id').notNull(),
    month: text('month').notNull(),
    postingDate: text('posting_date').notNull(),
    amount: minor('amount').notNull(),
    cause: text('cause').$type<Portion['cause']>().notNull(),
    dueAt: instant('due_at').notNull(),
    postedAt: instant('posted_at'),
  },
  (table) => [
    index('revenue_schedule_entries_line').on(table.lineId),
    index('revenue_schedule_entries_month').on(table.month),
    index('revenue_schedule_entries_due').on(table.postedAt, table.dueAt, table.id),
  ],
)

/** Every version of an entity's stand-alone selling prices, for ever. */
export const sspBooks = sqliteTable(
  'ssp_books',
  {
    entityRef: text('entity_ref').notNull(),
    version: integer('version').notNull(),
    effectiveDate: text('effective_date').notNull(),
    entries: json<SspEntry[]>('entries').notNull(),
    bundles: json<SspBundle[]>('bundles').notNull(),
    approvedBy: text('approved_by').notNull(),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.entityRef, table.version] })],
)

/**
 * How each signed contract is accounted for. Triggers write a row when a contract comes into force and mark it `stale`
 * with each amendment and each fact; the run plans it again, and `step` makes two plans of one state exclude each other.
 */
export const revenueContracts = sqliteTable(
  'revenue_contracts',
  {
    ref: text('ref').primaryKey(),
    entityRef: text('entity_ref').notNull(),
    customerRef: text('customer_ref').notNull(),
    currency: text('currency').notNull(),
    /** The version of the contract that was signed. */
    signedVersion: integer('signed_version').notNull(),
    /** The first of the contracts that are accounted for as one; its own ref where it stands alone. */
    groupRef: text('group_ref').notNull(),
    /** Null until it is planned for the first time. */
    basis: text('basis').$type<Basis>(),
    basisReason: text('basis_reason'),
    /** The products, as they were set up when the contract was first planned with them. */
    products: json<PinnedProduct[]>('products').notNull(),
    /** Products whose fees are revenue by the contract's plan and not by their invoice lines. */
    covers: json<string[]>('covers').notNull(),
    /** Why the latest state could not be planned; what was planned before stays. */
    problem: text('problem'),
    stale: integer('stale', { mode: 'boolean' }).notNull(),
    step: integer('step').notNull(),
  },
  (table) => [
    index('revenue_contracts_stale').on(table.groupRef).where(sql`stale = 1`),
    index('revenue_contracts_group').on(table.groupRef),
    index('revenue_contracts_entity').on(table.entityRef),
  ],
)

/** What finance states about a contract: deliveries, estimates, judgements. Append-only. */
export const revenueFacts = sqliteTable(
  'revenue_facts',
  {
    id: text('id').primaryKey(),
    contractRef: text('contract_ref').notNull(),
    effectiveDate: text('effective_date').notNull(),
    body: json<FactBody>('body').notNull(),
    reason: text('reason'),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('revenue_facts_contract').on(table.contractRef)],
)
