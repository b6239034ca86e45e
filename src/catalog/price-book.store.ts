import { and, desc, eq, sql } from 'drizzle-orm'
import type { Page, Paged } from '../kernel/page.ts'
import { type Db, inList, insertRows, type Statement } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import { priceBooks } from './catalog.schema.ts'

export type PriceBook = typeof priceBooks.$inferSelect

/** One version of a book, or its latest. */
export async function findPriceBook(db: Db, ref: string, version?: number): Promise<PriceBook | undefined> {
  const [book] = await db
    .select()
    .from(priceBooks)
    .where(and(eq(priceBooks.ref, ref), version === undefined ? undefined : eq(priceBooks.version, version)))
    .orderBy(desc(priceBooks.version))
    .limit(1)
  return book
}

const isLatest = sql`NOT EXISTS (
  SELECT 1 FROM ${priceBooks} AS later
  WHERE later.ref = ${priceBooks.ref} AND later.version > ${priceBooks.version})`

/** The latest versions of these books, by their refs. */
export async function latestPriceBooks(db: Db, refs: readonly string[]): Promise<Map<string, PriceBook>> {
  if (refs.length === 0) return new Map()
  const books = await db
    .select()
    .from(priceBooks)
    .where(inList(priceBooks.ref, refs))
    .orderBy(priceBooks.version)
  return new Map(books.map((book) => [book.ref, book]))
}

/** The latest version of every book. */
export const listPriceBooks = (db: Db, page: Page): Promise<Paged<PriceBook>> =>
  newestFirst(db, priceBooks, page, isLatest)

export const insertPriceBook = (db: Db, book: PriceBook): Statement[] => insertRows(db, priceBooks, [book])
