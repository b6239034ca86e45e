import { and, asc, desc, eq } from 'drizzle-orm'
import type { Page, Paged } from '../kernel/page.ts'
import { type Db, inList, insertRows, type Statement } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import { sspBooks } from './revenue.schema.ts'

export type SspBookRow = typeof sspBooks.$inferSelect

/** All versions of the books of these entities, each entity's in their order. */
export const booksOf = (db: Db, entityRefs: readonly string[]): Promise<SspBookRow[]> =>
  db
    .select()
    .from(sspBooks)
    .where(inList(sspBooks.entityRef, entityRefs))
    .orderBy(asc(sspBooks.entityRef), asc(sspBooks.version))

export async function latestBook(db: Db, entityRef: string): Promise<SspBookRow | undefined> {
  const [row] = await db
    .select()
    .from(sspBooks)
    .where(eq(sspBooks.entityRef, entityRef))
    .orderBy(desc(sspBooks.version))
    .limit(1)
  return row
}

export const listBooks = (
  db: Db,
  page: Page & { entityRef?: string | undefined },
): Promise<Paged<SspBookRow>> =>
  newestFirst(
    db,
    sspBooks,
    page,
    and(page.entityRef === undefined ? undefined : eq(sspBooks.entityRef, page.entityRef)),
  )

export const insertBook = (db: Db, book: SspBookRow): Statement[] => insertRows(db, sspBooks, [book])
