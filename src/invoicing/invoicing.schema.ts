import { type SQL, sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { SoldCredit } from '../catalog/credit-terms.ts'
import { instant, json, minor } from '../storage/columns.schema.ts'
import type { SealedUsage } from '../usage/sealed-usage.ts'
import type { UsageTotal } from './charges/usage-total.ts'
import type { OwedCredit } from './corrections/owed-credit.ts'
import type { EarlyPayment } from './early-payment.ts'
import {
  type CreditUse,
  type DiscountUse,
  type InvoiceParties,
  LINE_KINDS,
  type LineDetail,
  type LineTax,
  type TaxLine,
} from './invoice.ts'

/** One row for each boundary of a contract that was closed (0 is its start), with the usage it was closed on. */
export const cycleCloses = sqliteTable(
  'cycle_closes',
  {
    contractRef: text('contract_ref').notNull(),
    cycleNo: integer('cycle_no').notNull(),
    /** What the meter answered; null for boundary 0, and for a contract without usage products. */
    sealed: json<SealedUsage>('sealed'),
    /** Corrected totals whose negative differences found no invoice that could take them; they come again. */
    heldBack: json<UsageTotal[]>('held_back').notNull(),
    /** Cycles with a change of fees whose credit found no such invoice. */
    heldChanges: json<number[]>('held_changes').notNull(),
    /** What is given back by credit notes, since no invoice is to come. */
    owedCredits: json<OwedCredit[]>('owed_credits').notNull(),
    closedAt: instant('closed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.contractRef, table.cycleNo] })],
)

/**
 * A name of `invoices` in capitals, without the separators that payers leave out or put elsewhere. Two indexes of
 * migrations/0001_guards.sql have the same expression, which drizzle-kit cannot write.
 */
export const bareOf = (column: 'number' | 'payment_reference'): SQL =>
  sql.raw(
    `upper(${['-', '/', '.', '_', ' '].reduce((inner, sign) => `replace(${inner}, '${sign}', '')`, column)})`,
  )

/** Issued invoices. No column is ever updated; what happened to one later is told by allocations and notes. */
export const invoices = sqliteTable(
  'invoices',
  {
    id: text('id').primaryKey(),
    entityRef: text('entity_ref').notNull(),
    series: text('series').notNull(),
    sequence: integer('sequence').notNull(),
    number: text('number').notNull(),
    customerRef: text('customer_ref').notNull(),
    contractRef: text('contract_ref').notNull(),
    cycleNo: integer('cycle_no').notNull(),
    /** The product of a per-product invoice; empty for a collective one. */
    productRef: text('product_ref').notNull(),
    /** 0 for the invoice of a boundary; else the place among the invoices of changes inside the cycle. */
    changeNo: integer('change_no').notNull(),
    currency: text('currency').notNull(),
    issueDate: text('issue_date').notNull(),
    dueDate: text('due_date').notNull(),
    periodStart: text('period_start').notNull(),
    periodEnd: text('period_end').notNull(),
    netTerms: integer('net_terms').notNull(),
    subTotal: minor('sub_total').notNull(),
    /** Discounts, and credits before tax. */
    totalDiscount: minor('total_discount').notNull(),
    discounts: json<DiscountUse[]>('discounts').notNull(),
    totalTax: minor('total_tax').notNull(),
    total: minor('total').notNull(),
    /** Credits after tax as of the day of issue; each of them is an allocation too. */
    creditsAmount: minor('credits_amount').notNull(),
    creditsUsed: json<CreditUse[]>('credits_used').notNull(),
    taxes: json<TaxLine[]>('taxes').notNull(),
    parties: json<InvoiceParties>('parties').notNull(),
    /** What paying early takes off; null where nothing was agreed. */
    earlyPayment: json<EarlyPayment>('early_payment'),
    paymentMethods: json<string[]>('payment_methods').notNull(),
    /** ISO 11649 creditor reference. */
    paymentReference: text('payment_reference').notNull(),
    contentHash: text('content_hash').notNull(),
    issuedAt: instant('issued_at').notNull(),
    /** `import`: issued elsewhere, and taken over with what was open of it. */
    origin: text('origin', { enum: ['import'] }),
  },
  (table) => [
    uniqueIndex('invoices_number').on(table.entityRef, table.series, table.sequence),
    uniqueIndex('invoices_cycle')
      .on(table.contractRef, table.cycleNo, table.productRef, table.changeNo)
      .where(sql`origin IS NULL`),
    uniqueIndex('invoices_reference').on(table.entityRef, table.paymentReference),
    index('invoices_customer').on(table.customerRef, table.issuedAt),
    index('invoices_contract').on(table.contractRef),
    index('invoices_day').on(table.entityRef, table.issueDate),
    index('invoices_issued').on(table.issuedAt),
    index('invoices_number_text').on(table.number),
  ],
)

/**
 * The invoices that still owe something, by SQLite's rowid, which is the order of lists: so that what is open is found
 * without reading what was paid in all the years. Triggers keep it with each invoice and each allocation.
 */
export const openPlaces = sqliteTable('open_invoices', { place: integer('place').primaryKey() })

export const invoiceLines = sqliteTable(
  'invoice_lines',
  {
    id: text('id').primaryKey(),
    invoiceId: text('invoice_id').notNull(),
    contractRef: text('contract_ref').notNull(),
    position: integer('position').notNull(),
    kind: text('kind', { enum: LINE_KINDS }).notNull(),
    productRef: text('product_ref').notNull(),
    description: text('description').notNull(),
    /** Service period, half-open local dates. */
    serviceStart: text('service_start').notNull(),
    serviceEnd: text('service_end').notNull(),
    /** The cycle whose service this bills: an adjustment names the earlier one. */
    serviceCycleNo: integer('service_cycle_no').notNull(),
    /** Decimal strings. */
    quantity: text('quantity').notNull(),
    unitAmount: text('unit_amount'),
    /** Names the price of a fee, so that a change of price is told from one of quantity; null for other lines. */
    priceKey: text('price_key'),
    amount: minor('amount').notNull(),
    /** Its share of discounts and of credits before tax. */
    discount: minor('discount').notNull(),
    /** The consideration for it: `amount − discount`, without included tax. */
    netAmount: minor('net_amount').notNull(),
    taxPercent: text('tax_percent').notNull(),
    taxes: json<LineTax[]>('taxes').notNull(),
    detail: json<LineDetail[]>('detail').notNull(),
    /** Usage by accounting month, `YYYY-MM` to minor units, for recognition in the period of use. */
    usageByMonth: json<Record<string, string>>('usage_by_month').notNull(),
    /** The prepaid credit that it sells; null for other lines. */
    sellsCredit: json<SoldCredit>('sells_credit'),
  },
  (table) => [
    index('invoice_lines_invoice').on(table.invoiceId),
    index('invoice_lines_service').on(table.contractRef, table.productRef, table.serviceCycleNo),
  ],
)
