import { and, desc, getTableColumns, lt, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { type Page, type Paged, paged, placeAfter } from '../kernel/page.ts'
import type { Db } from './db.store.ts'

/**
 * One page of a table's rows, the last written first. The cursor is SQLite's rowid, which grows with every row and
 * which every index carries: a page costs the same however deep it lies, and rows written meanwhile move nothing.
 */
export async function newestFirst<T extends SQLiteTable>(
  db: Db,
  table: T,
  { limit, cursor }: Page,
  filter?: SQL | undefined,
): Promise<Paged<T['$inferSelect']>> {
  const place = sql<number>`rowid`
  const before = placeAfter(cursor)
  const rows = await db
    .select({ row: getTableColumns(table), place })
    .from(table as SQLiteTable)
    .where(and(filter, before === undefined ? undefined : lt(place, before)))
    .orderBy(desc(place))
    .limit(limit + 1)
  const { rows: shown, nextCursor } = paged(rows, limit, (item) => String(item.place))
  return { rows: shown.map((item) => item.row as T['$inferSelect']), nextCursor }
}
