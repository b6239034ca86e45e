import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, json } from '../storage/columns.schema.ts'
import type { CreditTerms } from './credit-terms.ts'
import type { Metric } from './metric.ts'
import type { BookPrice } from './price-book.ts'
import type { RecognitionMethod, RevenueSettings } from './product.ts'

export const products = sqliteTable('products', {
  ref: text('ref').primaryKey(),
  name: text('name').notNull(),
  kind: text('kind', { enum: ['usage', 'recurring', 'one_time'] }).notNull(),
  metric: json<Metric>('metric'),
  unitName: text('unit_name'),
  taxCode: text('tax_code'),
  recognition: text('recognition').$type<RecognitionMethod>().notNull(),
  revenue: json<RevenueSettings>('revenue'),
  /** What its fee credits; null where it sells no credit. */
  grantsCredit: json<CreditTerms>('grants_credit'),
  /** `usage`: first heard of in a usage event, not yet set up by finance. */
  origin: text('origin', { enum: ['api', 'usage'] }).notNull(),
  createdAt: instant('created_at').notNull(),
})

/** What products were measured by before, and until when: cycles that began earlier go on by it. */
export const earlierMetrics = sqliteTable(
  'earlier_metrics',
  {
    productRef: text('product_ref').notNull(),
    until: instant('until').notNull(),
    metric: json<Metric>('metric').notNull(),
  },
  (table) => [primaryKey({ columns: [table.productRef, table.until] })],
)

/** Every version of every price book, for ever. */
export const priceBooks = sqliteTable(
  'price_books',
  {
    ref: text('ref').notNull(),
    version: integer('version').notNull(),
    name: text('name').notNull(),
    prices: json<BookPrice[]>('prices').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.ref, table.version] })],
)
