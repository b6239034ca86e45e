import { eq } from 'drizzle-orm'
import type { Page, Paged } from '../kernel/page.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import { usageFormats } from './usage.schema.ts'

export type UsageFormat = typeof usageFormats.$inferSelect

export async function findFormat(db: Db, name: string): Promise<UsageFormat | undefined> {
  const [format] = await db.select().from(usageFormats).where(eq(usageFormats.name, name))
  return format
}

export const listFormats = (db: Db, page: Page): Promise<Paged<UsageFormat>> =>
  newestFirst(db, usageFormats, page)

/** Writes a format, or puts it in the place of the one that has its name. */
export const putFormat = (db: Db, format: UsageFormat): Statement[] => [
  db
    .insert(usageFormats)
    .values(format)
    .onConflictDoUpdate({
      target: usageFormats.name,
      set: { fields: format.fields, updatedAt: format.updatedAt },
    }),
]

export const removeFormat = (db: Db, name: string): Statement[] => [
  db.delete(usageFormats).where(eq(usageFormats.name, name)),
]
