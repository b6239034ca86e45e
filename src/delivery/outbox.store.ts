import type { Db, Statement } from '../db.ts'
import { insertRows } from '../db.ts'
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
