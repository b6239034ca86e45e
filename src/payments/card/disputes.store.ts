import { and, eq } from 'drizzle-orm'
import type { Db, Statement } from '../../storage/db.store.ts'
import { insertRows } from '../../storage/db.store.ts'
import type { Dispute } from './dispute.ts'
import { disputes } from './disputes.schema.ts'

export async function findDispute(db: Db, id: string): Promise<Dispute | undefined> {
  const [dispute] = await db.select().from(disputes).where(eq(disputes.id, id))
  return dispute
}

/** Writes a dispute that was not known, or its end. One that has ended keeps its end. */
export const writeDispute = (db: Db, dispute: Dispute, isKnown: boolean): Statement[] =>
  isKnown
    ? [
        db
          .update(disputes)
          .set({ state: dispute.state, closedAt: dispute.closedAt })
          .where(and(eq(disputes.id, dispute.id), eq(disputes.state, 'open'))),
      ]
    : insertRows(db, disputes, [dispute])
