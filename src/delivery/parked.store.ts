import { and, eq } from 'drizzle-orm'
import type { Instant } from '../kernel/calendar.ts'
import type { Page, Paged } from '../kernel/page.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import { outbox } from './delivery.schema.ts'

/** An effect that failed for the last time, and waits for a person. */
export type ParkedEffect = typeof outbox.$inferSelect

export const listParked = (db: Db, page: Page): Promise<Paged<ParkedEffect>> =>
  newestFirst(db, outbox, page, eq(outbox.state, 'parked'))

export async function findParked(db: Db, id: string): Promise<ParkedEffect | undefined> {
  const [row] = await db.select().from(outbox).where(isParked(id))
  return row
}

/** Begins all attempts anew. */
export const sendAgain = (db: Db, id: string, now: Instant): Statement =>
  db.update(outbox).set({ state: 'waiting', attempts: 0, dueAt: now }).where(isParked(id))

const isParked = (id: string) => and(eq(outbox.id, id), eq(outbox.state, 'parked'))
