import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { RecognitionMethod } from '../catalog/product.ts'
import { instant, minor } from '../storage/columns.schema.ts'

/**
 * Invoice lines that have no revenue schedule yet. A trigger on the lines puts them here, so that none can be forgotten
 * and the run need not search through all lines ever billed.
 */
export const unscheduledLines = sqliteTable('unscheduled_lines', {
  lineId: text('line_id').primaryKey(),
})

/** When the amount of an invoice line becomes revenue: one schedule for each line. */
export const revenueSchedules = sqliteTable(
  'revenue_schedules',
  {
    /** The invoice line. */
    lineId: text('line_id').primaryKey(),
    invoiceId: text('invoice_id').notNull(),
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
  ],
)

/** The portions of each schedule, one for each posting date: planned, and posted when its journal entry exists. */
export const revenueScheduleEntries = sqliteTable(
  'revenue_schedule_entries',
  {
    /** `<line id>:<posting date>`, also the source of the journal entry. */
    id: text('id').primaryKey(),
    lineId: text('line_id').notNull(),
    month: text('month').notNull(),
    postingDate: text('posting_date').notNull(),
    amount: minor('amount').notNull(),
    dueAt: instant('due_at').notNull(),
    postedAt: instant('posted_at'),
  },
  (table) => [
    index('revenue_schedule_entries_line').on(table.lineId),
    index('revenue_schedule_entries_month').on(table.month),
    index('revenue_schedule_entries_due').on(table.postedAt, table.dueAt),
  ],
)
