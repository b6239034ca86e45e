import { eq, sql } from 'drizzle-orm'
import type { Page, Paged } from '../kernel/page.ts'
import { type Db, insertRows, type Statement } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import { products } from './catalog.schema.ts'

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

export const updateProduct = (db: Db, ref: string, changes: Partial<Product>): Statement[] => [
  db.update(products).set(changes).where(eq(products.ref, ref)),
]

/** Sets up a product that so far was only heard of in usage events. */
export const completeProduct = (db: Db, { ref, createdAt: _, ...fields }: Product): Statement[] =>
  updateProduct(db, ref, fields)
