import { asc, eq } from 'drizzle-orm'
import { type Db, insertRows, type Statement } from '../../storage/db.store.ts'
import { contractAttachments } from '../contracts.schema.ts'

export type Attachment = typeof contractAttachments.$inferSelect

export const insertAttachment = (db: Db, attachment: Attachment): Statement[] =>
  insertRows(db, contractAttachments, [attachment])

export async function findAttachment(db: Db, id: string): Promise<Attachment | undefined> {
  const [attachment] = await db.select().from(contractAttachments).where(eq(contractAttachments.id, id))
  return attachment
}

/** The files of a contract, in the order they came. */
export const attachmentsOf = (db: Db, contractRef: string): Promise<Attachment[]> =>
  db
    .select()
    .from(contractAttachments)
    .where(eq(contractAttachments.contractRef, contractRef))
    .orderBy(asc(contractAttachments.createdAt), asc(contractAttachments.id))
