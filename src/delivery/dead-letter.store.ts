import type { Db } from '../storage/db.store.ts'
import { deadLetters } from './delivery.schema.ts'

/** Keeps a queue message that failed for good, where an operator finds it. */
export const keepDeadLetter = (db: Db, id: string, body: unknown, now: number) =>
  db.insert(deadLetters).values({ id, body, receivedAt: now }).onConflictDoNothing()
