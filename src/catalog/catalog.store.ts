import { eq, sql } from 'drizzle-orm'
import type { Instant } from '../kernel/calendar.ts'
import { canonicalJson } from '../kernel/hash.ts'
import type { Page, Paged } from '../kernel/page.ts'
import { type Db, inList, insertRows, type Statement } from '../storage/db.store.ts'
import { changesOf } from '../storage/edit.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import { earlierMetrics, products } from './catalog.schema.ts'
import type { EarlierMetric } from './metric.ts'

export type Product = typeof products.$inferSelect

/** The products by their refs; what is not known is missing from the map. */
export async function findProducts(db: Db, refs: readonly string[]): Promise<Map<string, Product>> {
  if (refs.length === 0) return new Map()
  const asked = sql`(SELECT value FROM json_each(${JSON.stringify(refs)}))`
  const rows = await db.select().from(products).where(sql`${products.ref} IN ${asked}`)
  return new Map(rows.map((row) => [row.ref, row]))
}

export const listProducts = (db: Db, page: Page): Promise<Paged<Product>> => newestFirst(db, products, page)

export const insertProduct = (db: Db, ...rows: readonly Product[]): Statement[] =>
  insertRows(db, products, rows)

const updateProduct = (db: Db, ref: string, changes: Partial<Product>): Statement[] => [
  db.update(products).set(changes).where(eq(products.ref, ref)),
]

/** What an edit of a product writes: the change, and a metric that it takes away. */
export const changeProduct = (db: Db, before: Product, after: Product, now: Instant): Statement[] => [
  ...updateProduct(db, before.ref, changesOf(before, after)),
  ...(before.metric === null || canonicalJson(before.metric) === canonicalJson(after.metric)
    ? []
    : insertRows(db, earlierMetrics, [{ productRef: before.ref, until: now, metric: before.metric }], {
        ignoreExisting: true,
      })),
]

/** The metrics that products had before, by their refs. */
export async function findEarlierMetrics(
  db: Db,
  refs: readonly string[],
): Promise<Map<string, EarlierMetric[]>> {
  if (refs.length === 0) return new Map()
  const rows = await db.select().from(earlierMetrics).where(inList(earlierMetrics.productRef, refs))
  return Map.groupBy(rows, ({ productRef }) => productRef)
}

/** Sets up a product that so far was only heard of in usage events. */
export const completeProduct = (db: Db, { ref, createdAt: _, ...fields }: Product): Statement[] =>
  updateProduct(db, ref, fields)
