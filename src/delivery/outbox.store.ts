import { and, asc, eq, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import type { Db, Statement } from '../storage/db.store.ts'
import { insertRows } from '../storage/db.store.ts'
import { outbox } from './delivery.schema.ts'
import type { OutboxRow } from './outbox.ts'

/** The statements that ask for effects; asking again for the same id changes nothing. */
export const enqueue = (db: Db, rows: readonly OutboxRow[], now: number): Statement[] =>
  insertRows(
    db,
    outbox,
    rows.map((row) => ({ ...row, state: 'waiting' as const, attempts: 0, createdAt: now })),
    { ignoreExisting: true },
  )

/** Takes up to `limit` rows that are due, and leases them until `leaseUntil`. */
export async function leaseDue(db: Db, now: number, leaseUntil: number, limit: number) {
  const due = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(eq(outbox.state, 'waiting'), lte(outbox.dueAt, now)))
    .orderBy(asc(outbox.dueAt))
    .limit(limit)
  return db
    .update(outbox)
    .set({ dueAt: leaseUntil, dispatchedAt: now })
    .where(sql`${outbox.id} IN ${due}`)
    .returning({ outboxId: outbox.id, attempt: outbox.attempts, topic: outbox.topic })
}

/** Claims one attempt at a row: whoever comes second for the same attempt gets nothing. */
export async function claimAttempt(db: Db, id: string, attempt: number) {
  const [row] = await db
    .update(outbox)
    .set({ attempts: attempt + 1 })
    .where(and(eq(outbox.id, id), eq(outbox.attempts, attempt), eq(outbox.state, 'waiting')))
    .returning()
  return row
}

export const markDone = (db: Db, id: string, now: number) =>
  db
    .update(outbox)
    .set({ state: 'done', doneAt: now, dispatchedAt: null, lastError: null })
    .where(eq(outbox.id, id))

export const markFailed = (db: Db, id: string, error: string, next: { dueAt: number } | 'parked') =>
  db
    .update(outbox)
    .set({
      lastError: error,
      dispatchedAt: null,
      ...(next === 'parked' ? { state: 'parked' as const } : { dueAt: next.dueAt }),
    })
    .where(eq(outbox.id, id))

/** How many rows are due or under way at `now`. */
export async function countPending(db: Db, now: number): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)` })
    .from(outbox)
    .where(and(eq(outbox.state, 'waiting'), or(lte(outbox.dueAt, now), isNotNull(outbox.dispatchedAt))))
  return row?.count ?? 0
}

/** When the next row that waits for its time is due. */
export async function nextOutboxDueAt(db: Db): Promise<number | null> {
  const [row] = await db
    .select({ dueAt: sql<number | null>`min(${outbox.dueAt})` })
    .from(outbox)
    .where(and(eq(outbox.state, 'waiting'), isNull(outbox.dispatchedAt)))
  return row?.dueAt ?? null
}
