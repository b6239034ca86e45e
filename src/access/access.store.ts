import { and, desc, eq, isNull } from 'drizzle-orm'
import { randomId } from '../kernel/id.ts'
import type { Page, Paged } from '../kernel/page.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { insertRows } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import { apiKeys, auditLog } from './access.schema.ts'
import type { Principal } from './principal.ts'

export async function findApiKey(db: Db, secretHash: string): Promise<Principal | undefined> {
  const [key] = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.secretHash, secretHash), isNull(apiKeys.revokedAt)))
  // Names are no identity: two keys can have the same one, or that of an operator.
  return key && { id: key.id, label: `${key.name} (${key.id})`, scopes: key.scopes }
}

/** What a change is recorded by: who asked, and in which request. */
export type Actor = { principal: Principal; requestId: string; now: number }

export type Change = { action: string; subject: string; before?: unknown; after?: unknown }

/** The statements that record changes; they belong in the batch of the changes themselves. */
export const audit = (db: Db, actor: Actor, ...changes: readonly Change[]): Statement[] =>
  insertRows(
    db,
    auditLog,
    changes.map((change) => ({
      id: randomId('aud'),
      at: actor.now,
      actor: actor.principal.label,
      action: change.action,
      subject: change.subject,
      before: change.before,
      after: change.after,
      requestId: actor.requestId,
    })),
  )

export type AuditRow = typeof auditLog.$inferSelect

export const listAudit = (db: Db, page: Page, subject?: string | undefined): Promise<Paged<AuditRow>> =>
  newestFirst(db, auditLog, page, subject === undefined ? undefined : eq(auditLog.subject, subject))

export const insertApiKey = (db: Db, key: typeof apiKeys.$inferInsert) => db.insert(apiKeys).values(key)

export const listApiKeys = (db: Db) => db.select().from(apiKeys).orderBy(desc(apiKeys.createdAt))

/** A key stays revoked from the first time on. */
export const revokeApiKey = (db: Db, id: string, now: number) =>
  db
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
